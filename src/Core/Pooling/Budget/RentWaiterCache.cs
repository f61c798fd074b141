namespace FastBuffers;

/// <summary>Waiters for reuse: a bounded stack, linked through them. Thread-safe.</summary>
internal sealed class RentWaiterCache
{
    /// <summary>How many are kept; the rest is the garbage collector's. Arbitrary: about 40 KB.</summary>
    internal const int Capacity = 256;

    private ShortLock _lock;
    private RentWaiter? _top;
    private int _count;

    /// <summary>A waiter that was returned; null when there is none.</summary>
    internal RentWaiter? TryRent()
    {
        _lock.Enter();
        RentWaiter? waiter = _top;
        if (waiter is not null)
        {
            _top = waiter.Next;
            _count--;
        }

        _lock.Exit();
        return waiter;
    }

    /// <summary>Keeps a waiter that nobody uses, if there is room.</summary>
    internal void Return(RentWaiter waiter)
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
