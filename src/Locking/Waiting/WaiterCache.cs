namespace FastBuffers.Locking;

/// <summary>Waiters for reuse: a bounded stack, linked through them. Thread-safe.</summary>
/// <typeparam name="T">The type of the waiters.</typeparam>
internal sealed class WaiterCache<T>
    where T : HoldWaiter
{
    /// <summary>How many are kept; the rest is the garbage collector's. Arbitrary: about 100 KB.</summary>
    internal const int Capacity = 512;

    private ShortLock _lock;
    private HoldWaiter? _top;
    private int _count;

    /// <summary>A waiter that was returned; null when there is none.</summary>
    internal T? TryRent()
    {
        _lock.Enter();
        HoldWaiter? waiter = _top;
        if (waiter is not null)
        {
            _top = waiter.Next;
            waiter.Next = null;
            _count--;
        }

        _lock.Exit();
        return (T?)waiter;
    }

    /// <summary>Keeps a waiter that nobody uses, if there is room.</summary>
    internal void Return(T waiter)
    {
        _lock.Enter();
        if (_count < Capacity)
        {
            waiter.Next = _top;
            _top = waiter;
            _count++;
        }

        _lock.Exit();
    }
}
