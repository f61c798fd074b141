namespace FastBuffers.Interleaving.Engine;

/// <content>Decisions: what may happen next, and what follows when nothing may.</content>
internal sealed partial class Exploration
{
    /// <summary>Takes decisions until one runs a thread, which is returned; null when the execution is decided.</summary>
    private VirtualThread? Decide()
    {
        while (CheckStep())
        {
            if (_probing is not null)
            {
                return ContinueProbe();
            }

            NoteStep();
            FindEnabled();
            if (_enabled.Count == 0)
            {
                Conclude();
                return null;
            }

            if (_schedule.Count >= _options.MaxSteps)
            {
                Fail($"Not finished after {_options.MaxSteps} steps.", null);
                return null;
            }

            if (!TryChoose(out Choice choice))
            {
                return null;
            }

            _schedule.Add(choice);
            Steps++;
            VirtualThread thread = _threads[choice.Thread];
            switch (choice.Kind)
            {
                case ChoiceKind.Flush:
                    Flush(thread);
                    break;
                case ChoiceKind.Halt:
                    _halted = thread;
                    thread.IsHalted = true;
                    _step.IsUnknown = true;
                    _trace?.Add(_schedule.Count, thread.Index, "is halted for ever");
                    break;
                case ChoiceKind.Probe:
                    _probing = thread;
                    _probeLeft = FreeQuantum;
                    return thread;
                default:
                    NotePreemption(thread);
                    thread.Steps++;
                    return thread;
            }
        }

        return null;
    }

    private VirtualThread? ContinueProbe()
    {
        if (!_probing!.IsSpinning(_memoryVersion, _options.SpinLimit) || _probing.IsFinished)
        {
            Fail($"Thread {_probing.Index} repeats itself more than {_options.SpinLimit} times and then goes on: raise SpinLimit.", null);
            return null;
        }

        if (--_probeLeft > 0)
        {
            return _probing;
        }

        LetGo();
        return null;
    }

    private bool TryChoose(out Choice choice)
    {
        try
        {
            if (_strategy.TryChoose(_enabled, _strategy.NeedsState ? Fingerprint() : default, out choice))
            {
                return true;
            }

            LetGo();
            return false;
        }
        catch (NotSupportedException exception)
        {
            Fail("The schedule cannot be followed.", exception);
            choice = default;
            return false;
        }
    }

    private void FindEnabled()
    {
        _enabled.Clear();
        foreach (VirtualThread thread in _threads)
        {
            if (thread.Pending == AccessKind.ProcessFence)
            {
                AdvanceFence(thread);
            }
        }

        bool mayPreempt = _options.MaxPreemptions is not { } most || _preemptions < most || _last is null || !CanRun(_last);

        // The thread that ran last comes first: going on with it costs no hand-off.
        if (_last is not null && CanRun(_last))
        {
            _enabled.Add(new Choice(ChoiceKind.Run, _last.Index));
        }

        foreach (VirtualThread thread in _threads)
        {
            if (mayPreempt && thread != _last && CanRun(thread))
            {
                _enabled.Add(new Choice(ChoiceKind.Run, thread.Index));
            }
        }

        foreach (VirtualThread thread in _threads)
        {
            if (thread.Buffer.Count > 0)
            {
                _enabled.Add(new Choice(ChoiceKind.Flush, thread.Index));
            }
        }

        foreach (VirtualThread thread in _threads)
        {
            if (!thread.IsFinished && !thread.IsHalted && thread.IsSpinning(_memoryVersion, _options.SpinLimit) && _enabled.Count > 0
                && (_trace is not null || _probed.Add(thread.History)))
            {
                _enabled.Add(new Choice(ChoiceKind.Probe, thread.Index));
            }
        }

        if (_options.HaltThreads && _halted is null)
        {
            foreach (VirtualThread thread in _threads)
            {
                if (!thread.IsFinished)
                {
                    _enabled.Add(new Choice(ChoiceKind.Halt, thread.Index));
                }
            }
        }
    }

    private bool CanRun(VirtualThread thread)
    {
        if (thread.IsFinished || thread.IsHalted || thread.IsSpinning(_memoryVersion, _options.SpinLimit))
        {
            return false;
        }

        // A locked instruction and a fence drain the own buffer first; the flushes are steps of their own.
        return !thread.IsStarted
            || thread.Pending is AccessKind.Read or AccessKind.Write
            || (thread.Buffer.Count == 0 && (thread.Pending != AccessKind.ProcessFence || thread is { HasFenceBegun: true, FenceMask: 0 }));
    }

    // Tells what the step did that has just been checked.
    private void NoteStep()
    {
        _step.Ghost = _scenario.TakeGhostEffects();

        // With preemptions counted, or what was seen, steps never commute; nor do stores with a process-wide fence.
        _step.IsUnknown |= !_options.OnlyPausesWait || _options.MaxPreemptions is not null || _rules.Stores;
        _strategy.Note(_step);
        _step = default;
    }

    private void NotePreemption(VirtualThread next)
    {
        if (_last is not null && _last != next && CanRun(_last))
        {
            _preemptions++;
        }

        _last = next;
    }

    private StateHash Fingerprint()
    {
        StateHash state = _locations.Content();
        foreach (VirtualThread thread in _threads)
        {
            thread.AddTo(ref state, _locations);
        }

        if (_options.MaxPreemptions is not null)
        {
            state.Add(((long)_preemptions << 8) | (uint)(_last?.Index ?? 255));
        }

        if (_options.HaltThreads)
        {
            foreach (VirtualThread thread in _threads)
            {
                state.Add(thread.Steps);
            }
        }

        _scenario.AddGhost(ref state);
        return state;
    }

    private bool CheckStep()
    {
        if (_halted is not null && Array.Find(_threads, thread => thread.Steps > _options.OwnStepBound) is { } slow)
        {
            Fail($"Thread {slow.Index} took more than {_options.OwnStepBound} steps while thread {_halted.Index} was halted.", null);
            return false;
        }

        return Observe(_scenario.CheckStep, "A check between steps failed.");
    }

    /// <summary>Nothing can happen any more: everybody has finished, or somebody never will.</summary>
    private void Conclude()
    {
        VirtualThread[] stuck = Array.FindAll(_threads, thread => thread is { IsFinished: false, IsHalted: false });
        if (stuck.Length > 0)
        {
            string names = string.Join(" and ", stuck.Select(thread => thread.Index));
            Fail(
                _halted is null
                    ? $"No progress: thread {names} spins on memory that nobody will change."
                    : $"Not lock-free: thread {names} waits for the halted thread {_halted.Index}.",
                null);
            return;
        }

        if (_halted is not null || Observe(_scenario.CheckEnd, "A check at the end failed."))
        {
            Schedules++;
            LetGo();
        }
    }

    private bool Observe(Action check, string message)
    {
        _mode = ExecutionMode.Observe;
        try
        {
            check();
            _mode = ExecutionMode.Explore;
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Fail(message, exception);
            return false;
        }
    }
}
