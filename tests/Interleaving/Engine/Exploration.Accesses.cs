namespace FastBuffers.Interleaving.Engine;

/// <content>Accesses: what a virtual thread does to memory, through the model of x64's store buffers.</content>
internal sealed partial class Exploration
{
    /// <summary>Whether an access of <paramref name="self"/> goes through <see cref="Access"/>; if not, the shim does the real thing.</summary>
    public bool Controls(VirtualThread self)
    {
        if (_mode is ExecutionMode.Explore or ExecutionMode.Setup)
        {
            return true;
        }

        if (_mode is ExecutionMode.Observe)
        {
            return false;
        }

        // Unwinding: a thread may need another one to go on (a lock), and some never end by themselves.
        if (++_freeAccesses > FreeAccessLimit)
        {
            _mode = ExecutionMode.Abort;
        }

        if (_mode == ExecutionMode.Free && ++_freeQuantum > FreeQuantum && Unfinished(self) is { } other)
        {
            _freeQuantum = 0;
            other.Resume();
            self.WaitForTurn();
        }

        return _mode == ExecutionMode.Abort ? throw new ExecutionAbortedException() : false;
    }

    /// <summary>One access to a location.</summary>
    /// <returns>The value before it; for a store, nothing.</returns>
    public T Access<T>(VirtualThread self, AccessKind kind, ref T location, T operand, T comparand)
    {
        int index = _locations.Find(ref location, ref self.LocationLabel);
        var value = Cell.From(operand);
        var expected = Cell.From(comparand);
        if (_mode == ExecutionMode.Explore)
        {
            BeforeAccess(self, kind, index);
        }

        Cell result = Perform(self, kind, index, value, expected);
        return result.To<T>();
    }

    /// <summary>Waits for a step if the access is one, and for an empty buffer if it is a locked instruction.</summary>
    private void BeforeAccess(VirtualThread self, AccessKind kind, int index)
    {
        bool shared = _options.Reduce && _locations.IsShared(index, self.Index, kind != AccessKind.Read, _lock.Guards(self));
        if (shared && !_rules.IsContended(_locations.LabelOf(index)))
        {
            StartOver(() => _rules.AddContended(_locations.LabelOf(index)));
            return;
        }

        if (IsStep(self, kind, index))
        {
            AwaitStep(self, kind);
        }
        else if (kind > AccessKind.Write && self.Buffer.Count > 0)
        {
            // Nobody sees the access, but it drains the buffer as a fence does.
            AwaitStep(self, AccessKind.Fence);
        }
    }

    private bool IsStep(VirtualThread self, AccessKind kind, int index)
    {
        if (!_options.Reduce || _rules.IsContended(_locations.LabelOf(index)))
        {
            return kind != AccessKind.Write || _rules.Stores;
        }

        // A loop on a location that nobody has written yet would never come to a step, and those who write it never to theirs.
        return kind == AccessKind.Read && ++self.AccessesInStep > FreeQuantum;
    }

    /// <summary>The rules were too lax: begins the exploration again with better ones.</summary>
    private void StartOver(Action change)
    {
        if (_trace is not null)
        {
            Fail("The schedule cannot be followed: its rules are another program's.", null);
            return;
        }

        change();
        _restart = true;
        LetGo();
    }

    /// <summary>A fence: no access of its own, but a point that is passed only when the own buffer is empty.</summary>
    public void Fence(VirtualThread self)
    {
        if (_mode == ExecutionMode.Explore && self.Buffer.Count > 0)
        {
            AwaitStep(self, AccessKind.Fence);
            NoteFence(self, AccessKind.Fence);
        }
    }

    /// <summary>The thread goes round in a loop that waits for others.</summary>
    public void Spin(VirtualThread self)
    {
        if (_mode == ExecutionMode.Explore)
        {
            self.NoteSpin(_memoryVersion, _options.SpinLimit);
            _step.Pauses = true;
        }
    }

    /// <summary>
    /// A fence on all processors (<c>membarrier</c>: a full fence, an interrupt to each processor, a full fence). It begins when the own
    /// buffer is empty and ends once every other thread's buffer was empty at some instant since then. No processor's interrupt comes at
    /// the same time as another's, so draining all at one instant would miss behaviours; and each instant counts as early as it can,
    /// which allows all that a later one does.
    /// </summary>
    public void ProcessFence(VirtualThread self)
    {
        if (_mode != ExecutionMode.Explore)
        {
            return;
        }

        if (!_rules.Stores)
        {
            // Now it matters whether a store enters its buffer before or after the fence begins.
            StartOver(() => _rules.Stores = true);
            return;
        }

        self.HasFenceBegun = false;
        AdvanceFence(self);
        if (!self.HasFenceBegun || self.FenceMask != 0)
        {
            AwaitStep(self, AccessKind.ProcessFence);
            NoteFence(self, AccessKind.ProcessFence);
        }
    }

    private void AdvanceFence(VirtualThread thread)
    {
        uint nonEmpty = NonEmptyBuffers() & ~(1u << thread.Index);
        if (thread.HasFenceBegun)
        {
            thread.FenceMask &= nonEmpty;
        }
        else if (thread.Buffer.Count == 0)
        {
            thread.HasFenceBegun = true;
            thread.FenceMask = nonEmpty;
        }
    }

    private uint NonEmptyBuffers()
    {
        uint mask = 0;
        foreach (VirtualThread thread in _threads)
        {
            mask |= thread.Buffer.Count > 0 ? 1u << thread.Index : 0;
        }

        return mask;
    }

    /// <summary>Waits until a decision runs the thread's next step.</summary>
    private void AwaitStep(VirtualThread self, AccessKind kind)
    {
        bool unused = self.HasUnusedStep;
        self.HasUnusedStep = false;
        self.AccessesInStep = 0;
        self.Pending = kind;

        // The decision that started the thread covers its first access too, unless a store came before that: then it may come to memory
        // before or after the access, and both must be tried.
        if (unused && self.Buffer.Count == 0)
        {
            return;
        }

        VirtualThread? next = Decide();
        if (next is not null && next != self)
        {
            next.Resume();
            self.WaitForTurn();
        }
    }

    private Cell Perform(VirtualThread self, AccessKind kind, int index, in Cell operand, in Cell comparand)
    {
        Cell old = kind == AccessKind.Read ? ReadThroughBuffer(self, index) : kind == AccessKind.Write ? default : _locations.Read(index);
        Cell value = kind switch
        {
            AccessKind.Write or AccessKind.Exchange => operand,
            AccessKind.CompareExchange => old.Same(comparand) ? operand : old,
            AccessKind.Add => _locations.Narrow(index, old.Bits + operand.Bits),
            AccessKind.Or => new Cell(old.Bits | operand.Bits, null),
            AccessKind.And => new Cell(old.Bits & operand.Bits, null),
            _ => old,
        };
        if (_mode != ExecutionMode.Explore)
        {
            // Labels of setup, and a last access of a thread that was waiting when its execution was decided.
            _locations.Canonical(operand, ref self.ObjectLabel);
            if (kind != AccessKind.Read)
            {
                _locations.Write(index, value);
            }

            return old;
        }

        StateHash access = default;
        access.Add(((ulong)kind << 56) ^ _locations.LabelOf(index));
        access.Add(_locations.Canonical(operand, ref self.ObjectLabel));
        access.Add(_locations.Canonical(comparand, ref self.ObjectLabel));
        access.Add(_locations.Canonical(old, ref self.ObjectLabel));
        self.History.Add(access);
        bool contended = !_options.Reduce || _rules.IsContended(_locations.LabelOf(index));
        if (contended && kind != AccessKind.Write)
        {
            _step.Add(_locations.LabelOf(index), writes: !value.Same(old));
        }

        _lock.Note(self, index, kind, old, value);
        _trace?.Access(_schedule.Count, self.Index, kind, index, old, value, comparand);
        if (kind == AccessKind.Write)
        {
            self.NoteProgress();
            self.Changes++;
            if (!contended)
            {
                // When it reaches memory nobody can tell.
                _locations.Write(index, value);
            }
            else
            {
                self.Stores++;
                self.Buffer.Add(new BufferedStore(index, value));
            }
        }
        else if (kind != AccessKind.Read && !value.Same(old))
        {
            _memoryVersion++;
            _step.Wakes = true;
            self.Changes++;
            _locations.Write(index, value);
        }
        else if (!_options.OnlyPausesWait)
        {
            self.NoteIdle(access, _memoryVersion);
        }

        return old;
    }

    private Cell ReadThroughBuffer(VirtualThread self, int index)
    {
        for (int i = self.Buffer.Count - 1; i >= 0; i--)
        {
            if (self.Buffer[i].Location == index)
            {
                return self.Buffer[i].Value;
            }
        }

        return _locations.Read(index);
    }

    private void Flush(VirtualThread thread)
    {
        BufferedStore store = thread.Buffer[0];
        thread.Buffer.RemoveAt(0);
        Cell old = _locations.Read(store.Location);
        _trace?.Flush(_schedule.Count, thread.Index, store.Location, old, store.Value);
        _step.Add(_locations.LabelOf(store.Location), writes: !old.Same(store.Value));
        if (!old.Same(store.Value))
        {
            _memoryVersion++;
            _step.Wakes = true;
            _locations.Write(store.Location, store.Value);
        }
    }

    private void NoteFence(VirtualThread self, AccessKind kind)
    {
        if (_mode == ExecutionMode.Explore)
        {
            self.History.Add((ulong)kind << 56);
            _trace?.Add(_schedule.Count, self.Index, kind == AccessKind.Fence ? "passes a fence" : "passes a process-wide fence");
        }
    }
}
