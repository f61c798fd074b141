namespace FastBuffers.Interleaving.Engine;

/// <summary>
/// A thread of the scenario on an operating-system thread of its own, of which exactly one at a time has the turn. Its local state is a
/// function of the results of its accesses, so <see cref="History"/> stands for it in the fingerprint of a state.
/// </summary>
internal sealed class VirtualThread : IDisposable
{
    // What a pause in a waiting loop counts as among what a thread has seen.
    private static readonly StateHash s_pause = Pause();

    [ThreadStatic]
    private static VirtualThread? t_current;

    private readonly Exploration _exploration;
    private readonly SemaphoreSlim _turn = new(0);
    private readonly Thread _thread;
    private readonly int _processor;
    private readonly List<StateHash> _seen = [];
    private ThreadCommand _command;
    private long _seenVersion;

    public VirtualThread(Exploration exploration, int index, int processor)
    {
        _exploration = exploration;
        Index = index;
        _processor = processor;
        _thread = new Thread(Main) { IsBackground = true, Name = $"virtual thread {index}" };
    }

    /// <summary>The virtual thread that runs on this operating-system thread, or null outside of an exploration.</summary>
    public static VirtualThread? Current => t_current;

    public int Index { get; }

    public Exploration Exploration => _exploration;

    /// <summary>Stores that have not reached memory, oldest first.</summary>
    public List<BufferedStore> Buffer { get; } = [];

    /// <summary>Where labels for locations first touched by this thread come from.</summary>
    public ulong LocationLabel;

    /// <summary>Where labels for objects first shown by this thread come from.</summary>
    public ulong ObjectLabel;

    /// <summary>The labels that it had given out before its program began.</summary>
    public (ulong Location, ulong Object) PreparedLabels { get; set; }

    /// <summary>The fingerprint of every access and its result since the execution began.</summary>
    public StateHash History;

    public bool IsStarted { get; set; }

    public bool IsFinished { get; set; }

    public bool IsHalted { get; set; }

    /// <summary>Whether the thread was just started by a decision that its first access may use up.</summary>
    public bool HasUnusedStep { get; set; }

    /// <summary>The access it will do when it is run next.</summary>
    public AccessKind Pending { get; set; }

    /// <summary>Whether its pending process-wide fence has begun: the own buffer was empty.</summary>
    public bool HasFenceBegun { get; set; }

    /// <summary>Threads whose buffers that fence has not yet seen empty since it began.</summary>
    public uint FenceMask { get; set; }

    /// <summary>Stores entered into the buffer in this execution.</summary>
    public int Stores { get; set; }

    /// <summary>Accesses in this execution that changed something, or may have.</summary>
    public long Changes { get; set; }

    /// <summary>Accesses since its last step that were no steps.</summary>
    public int AccessesInStep { get; set; }

    /// <summary>Steps taken in this execution.</summary>
    public int Steps { get; set; }

    /// <summary>Accesses in a row that repeated what this thread already saw since memory last changed.</summary>
    public int Repeats { get; private set; }

    public void Start() => _thread.Start();

    public void Reset()
    {
        Buffer.Clear();
        _seen.Clear();
        LocationLabel = ObjectLabel = (ulong)(Index + 1) << 32;
        PreparedLabels = (LocationLabel, ObjectLabel);
        History = default;
        IsStarted = IsFinished = IsHalted = HasUnusedStep = HasFenceBegun = false;
        Pending = AccessKind.Read;
        FenceMask = 0;
        Steps = Repeats = Stores = AccessesInStep = 0;
        _seenVersion = Changes = 0;
    }

    /// <summary>Lets the thread do <paramref name="command"/>; the caller gives up its turn.</summary>
    public void Begin(ThreadCommand command)
    {
        _command = command;
        _turn.Release();
    }

    /// <summary>Gives the turn to this thread; the caller gives up its own.</summary>
    public void Resume()
    {
        if (IsStarted)
        {
            _turn.Release();
        }
        else
        {
            IsStarted = true;
            HasUnusedStep = true;
            Begin(ThreadCommand.Run);
        }
    }

    public void WaitForTurn() => _turn.Wait();

    /// <summary>Notes an access that left memory as it was; the same again in unchanged memory is a repetition.</summary>
    public void NoteIdle(in StateHash access, long memoryVersion)
    {
        ForgetIfChanged(memoryVersion);
        if (_seen.Contains(access))
        {
            Repeats++;
        }
        else
        {
            _seen.Add(access);
        }
    }

    /// <summary>
    /// Notes a pause in a loop that waits for others: after a whole round in unchanged memory the next round is the same, so there is no
    /// need to see as many repetitions as of accesses of which nobody has said that they are a loop.
    /// </summary>
    public void NoteSpin(long memoryVersion, int limit)
    {
        ForgetIfChanged(memoryVersion);
        if (_seen.Contains(s_pause))
        {
            Repeats = Math.Max(Repeats, limit);
        }
        else
        {
            _seen.Add(s_pause);
        }
    }

    /// <summary>Whether the thread spins: it repeats itself and nobody has changed memory since.</summary>
    public bool IsSpinning(long memoryVersion, int limit)
    {
        ForgetIfChanged(memoryVersion);
        return Repeats >= limit;
    }

    /// <summary>Forgets what was seen: the thread changed something itself.</summary>
    public void NoteProgress()
    {
        _seen.Clear();
        Repeats = 0;
    }

    /// <summary>
    /// Replaces the history by a summary of what the thread still knows. Not when it has labelled anything itself: what such a label means
    /// is known by the history alone.
    /// </summary>
    public void Forget(in StateHash summary)
    {
        if (PreparedLabels == (LocationLabel, ObjectLabel))
        {
            History = summary;
            NoteProgress();
        }
    }

    public void AddTo(ref StateHash state, LocationTable locations)
    {
        state.Add(History);
        state.Add((IsStarted ? 1UL : 0) | (IsFinished ? 2UL : 0) | (IsHalted ? 4UL : 0) | (HasFenceBegun ? 8UL : 0) | ((ulong)FenceMask << 8) | ((ulong)Buffer.Count << 40));
        foreach (BufferedStore store in Buffer)
        {
            state.Add(locations.LabelOf(store.Location));
            state.Add(locations.Canonical(store.Value));
        }

        // What the thread has seen since memory last changed is not a function of its own history: it depends on when others wrote.
        state.Add(((ulong)Repeats << 32) | (uint)_seen.Count);
        foreach (StateHash seen in _seen)
        {
            state.Add(seen);
        }
    }

    public void Dispose()
    {
        Begin(ThreadCommand.Exit);
        _thread.Join();
        _turn.Dispose();
    }

    private static StateHash Pause()
    {
        StateHash pause = default;
        pause.Add(ulong.MaxValue);
        return pause;
    }

    private void ForgetIfChanged(long memoryVersion)
    {
        if (_seenVersion != memoryVersion)
        {
            _seenVersion = memoryVersion;
            NoteProgress();
        }
    }

    private void Main()
    {
        t_current = this;
        Processor.Keep(_processor);
        WaitForTurn();
        while (_command != ThreadCommand.Exit)
        {
            // Either call ends by giving the turn away, possibly to this very thread.
            if (_command == ThreadCommand.Setup)
            {
                _exploration.BeginExecution(this);
            }
            else
            {
                _exploration.RunProgram(this);
            }

            WaitForTurn();
        }
    }
}
