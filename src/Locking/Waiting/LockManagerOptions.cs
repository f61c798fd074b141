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
}
