namespace FastBuffers.Locking.Tests.Waiting;

/// <summary>
/// What semantics.md says about waiting, as plainly as it can be said: a list of holds, and a list of waiters in the order in which they
/// came, looked through from start to end after every step.
/// </summary>
internal sealed class WaitModel
{
    private readonly List<WaitModelEntry> _holds = [];
    private readonly List<WaitModelEntry> _waiters = [];
    private bool _frozen;
    private bool _retired;

    internal IReadOnlyList<WaitModelEntry> Holds => _holds;

    internal IReadOnlyList<WaitModelEntry> Waiters => _waiters;

    /// <summary>Whether a hold is had at once by one who does not wait; it is in the list then.</summary>
    internal Answer TryTake(WaitModelEntry wanted, out List<WaitModelEntry> passed)
    {
        passed = [.. _waiters.Where(waiter => waiter.ConflictsWith(wanted))];
        if (Refusal(wanted) is var refusal && refusal != Answer.Ok)
        {
            return refusal;
        }

        if (_holds.Exists(wanted.ConflictsWith) || passed.Exists(static waiter => waiter.Passed >= 64))
        {
            return Answer.Refused;
        }

        passed.ForEach(static waiter => waiter.Passed++);
        _holds.Add(wanted);
        return Answer.Ok;
    }

    internal void Wait(WaitModelEntry wanted)
    {
        _waiters.Add(wanted);
        Settle();
    }

    internal void Cancel(WaitModelEntry waiter)
    {
        _waiters.Remove(waiter);
        waiter.End = Answer.BadArgument;
        Settle();
    }

    internal void Release(WaitModelEntry hold)
    {
        _holds.Remove(hold);
        Settle();
    }

    internal void Downgrade(WaitModelEntry hold, HoldKind kind)
    {
        hold.Kind = kind;
        Settle();
    }

    internal bool TryFreeze()
    {
        if (_retired || _holds.Exists(static hold => hold.Kind is HoldKind.Write or HoldKind.Exclusive && hold.Length > 0))
        {
            return false;
        }

        _frozen = true;
        Settle();
        return true;
    }

    internal void Retire()
    {
        _retired = true;
        Settle();
    }

    private Answer Refusal(WaitModelEntry wanted) => _retired ? Answer.Dead
        : _frozen && wanted.Kind is HoldKind.Write or HoldKind.Exclusive && _frozen ? Answer.Unsupported
        : Answer.Ok;

    // Who can be served is, in the order in which they came.
    private void Settle()
    {
        foreach (WaitModelEntry waiter in _waiters.ToArray())
        {
            Answer refusal = Refusal(waiter);
            if (refusal != Answer.Ok)
            {
                _waiters.Remove(waiter);
                waiter.End = refusal;
            }
        }

        foreach (WaitModelEntry waiter in _waiters.ToArray())
        {
            if (!_holds.Exists(waiter.ConflictsWith) && !_waiters.TakeWhile(other => other != waiter).Any(waiter.ConflictsWith))
            {
                _waiters.Remove(waiter);
                _holds.Add(waiter);
                waiter.End = Answer.Ok;
            }
        }
    }
}
