namespace FastBuffers.Locking;

/// <summary>The queues of some domains, under one lock.</summary>
internal sealed class WaitBucket
{
    private ShortLock _lock;
    private WaitQueue? _first;

    // For the next domain that somebody waits for.
    private WaitQueue? _spare;

    /// <summary>How many wait. For the holder of the lock.</summary>
    internal int Count
    {
        get
        {
            int count = 0;
            for (WaitQueue? queue = _first; queue is not null; queue = queue.Next)
            {
                count += queue.Count;
            }

            return count;
        }
    }

    internal void Enter() => _lock.Enter();

    internal void Exit() => _lock.Exit();

    /// <summary>The queue of a domain, or null.</summary>
    internal WaitQueue? Find(HoldDomain domain)
    {
        WaitQueue? queue = _first;
        while (queue is not null && queue.Domain != domain)
        {
            queue = queue.Next;
        }

        return queue;
    }

    /// <summary>The queue of a domain, in which somebody is going to wait.</summary>
    internal WaitQueue FindOrAdd(HoldDomain domain)
    {
        if (Find(domain) is { } queue)
        {
            return queue;
        }

        queue = _spare ?? new WaitQueue();
        _spare = null;
        queue.Open(domain);
        queue.Next = _first;
        _first = queue;
        return queue;
    }

    /// <summary>Takes out a queue in which nobody waits.</summary>
    internal void Remove(WaitQueue empty)
    {
        if (_first == empty)
        {
            _first = empty.Next;
        }
        else
        {
            WaitQueue before = _first!;
            while (before.Next != empty)
            {
                before = before.Next!;
            }

            before.Next = empty.Next;
        }

        empty.Next = null;
        empty.Close();
        _spare = empty;
    }

    /// <summary>Adds all who wait to a list, which grows without the lock only. Not for its holder.</summary>
    internal void ListWaiters(List<QueuedWait> waiters)
    {
        while (true)
        {
            _lock.Enter();
            int needed = waiters.Count + Count;
            bool fits = needed <= waiters.Capacity;
            for (WaitQueue? queue = fits ? _first : null; queue is not null; queue = queue.Next)
            {
                queue.ListWaiters(waiters);
            }

            _lock.Exit();
            if (fits)
            {
                return;
            }

            waiters.EnsureCapacity(needed);
        }
    }
}
