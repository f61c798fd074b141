using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios.Waiting;

/// <summary>A wait in an execution: it is told its end as any other, and notes that for the checks.</summary>
internal sealed class ProbeWaiter : HoldWaiter
{
    private int _isOver;

    /// <summary>How often it was told, or heard at once.</summary>
    public int Ends { get; private set; }

    /// <summary>Whether somebody was told that he has taken it out.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>Whether whoever waits knows that it is over.</summary>
    public bool IsOver => Volatile.Read(ref _isOver) != 0;

    /// <summary>Begins to wait for the whole of a domain.</summary>
    public void Wait(HoldDomain domain, HoldKind kind) => Wait(domain, kind, RangeRequest.Whole);

    /// <summary>Begins to wait for a part.</summary>
    public void Wait(HoldDomain domain, HoldKind kind, in RangeRequest request)
    {
        Begin(domain, new HoldRequestPart(ConflictTable.Index(kind), request), FrozenTime.Instance);
        if (!WaitTable.TryAdd(this))
        {
            Complete();
        }
    }

    /// <summary>What a time-out or a cancellation does.</summary>
    public void Cancel(HoldDomain domain)
    {
        if (WaitTable.TryRemove(this, domain))
        {
            IsCancelled = true;
            Complete();
        }
    }

    /// <summary>Adds what the checks will ask of it.</summary>
    public void AddTo(ref StateHash state) =>
        state.Add((long)(Ends | (IsCancelled ? 16 : 0) | (IsQueued ? 32 : 0) | (Failure is null ? 0 : 64) | (Token == default ? 0 : 128)));

    internal override void Complete()
    {
        Ends++;
        Volatile.Write(ref _isOver, 1);
    }
}
