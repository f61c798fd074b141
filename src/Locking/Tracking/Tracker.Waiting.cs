namespace FastBuffers.Locking;

// What the state machine knows of waiters: whether there are any.
internal partial struct Tracker
{
    /// <summary>Whether somebody waits: then whoever takes, or makes room, goes by the <see cref="WaitTable"/>.</summary>
    internal bool IsWaitedFor => (Volatile.Read(ref _others) & Waiting) != 0;

    /// <summary>Says that somebody waits. A full fence: the waiter tries once more afterwards. For the holder of the queue's lock.</summary>
    internal void BeginWaiting() => Interlocked.Or(ref _others, Waiting);

    /// <summary>Says that nobody waits any more. For the holder of the queue's lock.</summary>
    internal void EndWaiting() => Interlocked.And(ref _others, ~Waiting);
}
