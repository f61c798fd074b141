namespace FastBuffers;

// The list of waiters, doubly linked through them; all of it under the lock.
internal sealed partial class RentQueue
{
    private bool TryAppend(RentWaiter waiter, out bool isFirst)
    {
        _lock.Enter();
        bool open = !_closed;
        isFirst = open && _last is null;
        if (open)
        {
            waiter.IsQueued = true;
            waiter.Next = null;
            waiter.Previous = _last;
            if (_last is null)
            {
                _first = waiter;
            }
            else
            {
                _last.Next = waiter;
            }

            _last = waiter;
            Volatile.Write(ref _waits, _waits + 1);
            Volatile.Write(ref _count, _count + 1);
        }

        _lock.Exit();
        return open;
    }

    /// <summary>Takes a waiter out, if it still waits.</summary>
    /// <returns>True for exactly one caller for each wait, who has to complete it; for none when the queue was closed before.</returns>
    private bool TryRemove(RentWaiter waiter, out bool wasFirst)
    {
        _lock.Enter();
        bool removed = !_closed && waiter.IsQueued;
        wasFirst = removed && _first == waiter;
        if (removed)
        {
            if (waiter.Previous is null)
            {
                _first = waiter.Next;
            }
            else
            {
                waiter.Previous.Next = waiter.Next;
            }

            if (waiter.Next is null)
            {
                _last = waiter.Previous;
            }
            else
            {
                waiter.Next.Previous = waiter.Previous;
            }

            waiter.Next = null;
            waiter.Previous = null;
            waiter.IsQueued = false;
            Volatile.Write(ref _count, _count - 1);
        }

        _lock.Exit();
        return removed;
    }

    private RentWaiter? Peek(out int length)
    {
        _lock.Enter();
        RentWaiter? first = _first;
        length = first?.Length ?? 0;
        _lock.Exit();
        return first;
    }
}
