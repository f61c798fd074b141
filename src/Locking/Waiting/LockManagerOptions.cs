namespace FastBuffers.Locking;

/// <summary>How a <see cref="LockManager"/> lets callers wait.</summary>
public sealed class LockManagerOptions
{
    /// <summary>The clock that waits, time-outs and fairness go by. <see cref="TimeProvider.System"/> by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// How many may wait at once through the manager, for whatever; a further one gets a <see cref="BufferException"/> instead. No limit by
    /// default.
    /// </summary>
    public int MaxWaiters { get; init; } = int.MaxValue;

    /// <summary>
    /// Whether an acquire that would close a cycle of owners, each waiting for the next, throws <see cref="DeadlockException"/> instead of waiting. It
    /// covers what is acquired through managers with this option where a <see cref="HoldOwner"/> is current; everything else is not seen. Costs
    /// an object and a process-wide lock for each hold, and for each wait a look at those it may be in a cycle with. False by default.
    /// </summary>
    public bool DetectDeadlocks { get; init; }
}
