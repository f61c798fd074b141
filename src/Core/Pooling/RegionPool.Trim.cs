namespace FastBuffers;

// Giving memory back.
public sealed partial class RegionPool
{
    // How long to wait for a thread that is in its cache, which it leaves after a few steps unless it is halted there.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(20);

    // The same when the pool ends, and nobody would come again for what is there.
    private static readonly TimeSpan s_patienceAtEnd = TimeSpan.FromSeconds(10);

    // Of the peak of what was rented, an eighth; and of each thread, less than it may cache.
    private const int PeakSlackShift = 3;
    private const int SlackOfThread = 128 << 10;

    private readonly Lock _trimLock = new();
    private long _balanceAbove = SlackOfThread;
    private volatile bool _isShut;

    /// <summary>Whether nothing is kept at hand, because somebody waits for memory or the pool was disposed.</summary>
    internal bool IsShut => _isShut;

    /// <summary>Gives all idle memory back to the system, out of the caches of all threads too.</summary>
    /// <returns>The number of bytes that went back.</returns>
    public long Trim()
    {
        long given = TakeBack(idleOnly: false);
        ServeWaiters();
        return given;
    }

    // What came back without a return is offered to those who wait.
    private void ServeWaiters()
    {
        if (_queue.HasWaiters)
        {
            _queue.Pump();
        }
    }

    // Empties the caches of threads and the bins. Of all, or of what was not used since the last look.
    private long TakeBack(bool idleOnly)
    {
        long given;
        lock (_trimLock)
        {
            long before = Budget.Charged;
            EmptyCaches(idleOnly);
            foreach (BlockBin bin in _bins)
            {
                bin.Trim(age: idleOnly ? 1 : 0);
            }

            Memory.Trim();
            given = Math.Max(0, before - Budget.Charged);
            _trims += given != 0 ? 1 : 0;
        }

        if (given != 0 && PoolEvents.Log.IsEnabled())
        {
            PoolEvents.Log.Trim(Name, given);
        }

        return given;
    }

    // Before more is taken from the system than has been rented at a time, with some slack, what other sizes keep and do not need is used.
    private void Balance()
    {
        if (Budget.Charged <= Volatile.Read(ref _balanceAbove))
        {
            return;
        }

        lock (_trimLock)
        {
            Count(out _, out _, out long rentedBytes);
            RaisePeak(rentedBytes);
            long peak = Volatile.Read(ref _peakRented);
            long enough = peak + (peak >> PeakSlackShift) + ((long)_caches.Count * SlackOfThread);
            if (Budget.Charged > enough)
            {
                foreach (BlockBin bin in _bins)
                {
                    bin.TrimSlabs();
                }
            }

            // If there was little to be had, the next look has to wait for more.
            Volatile.Write(ref _balanceAbove, Math.Max(enough, Budget.Charged + (peak >> PeakStepShift)));
        }
    }

    // Shuts all threads out of their caches until OpenCaches, so that every return comes by here.
    private void ShutCaches()
    {
        lock (_caches)
        {
            if (!_isShut)
            {
                _isShut = true;
                _caches.ForEach(cache => cache.Shut());
            }
        }
    }

    // Those who wait say so before they shut the caches: so either they are seen here, or they shut them again.
    private void OpenCaches()
    {
        lock (_caches)
        {
            if (_isShut && !_isDisposed && !_queue.HasWaiters)
            {
                _isShut = false;
                _caches.ForEach(cache => cache.Open());
            }
        }
    }

    // It stays shut for ever: nobody has any use for it.
    private void Remove(ThreadCache cache)
    {
        lock (_caches)
        {
            if (_caches.Remove(cache))
            {
                _endedRents += cache.Rents;
                Forget(cache);
            }
        }
    }

    private void EmptyCaches(bool idleOnly)
    {
        List<ThreadCache> shut;
        lock (_caches)
        {
            shut = [.. _caches.Where(cache => !idleOnly || cache.IsIdle() || !cache.Owner.IsAlive)];
        }

        shut.ForEach(cache => cache.Shut());

        // Pairs with the store and load in TicketOwner.Enter.
        Interlocked.MemoryBarrierProcessWide();
        foreach (ThreadCache cache in shut)
        {
            bool outside = SpinWait.SpinUntil(() => cache.IsOutside, _isDisposed ? s_patienceAtEnd : s_patience);
            if (outside)
            {
                cache.Empty(hotToo: true);
            }

            if (outside && !cache.Owner.IsAlive)
            {
                Remove(cache);
            }
            else
            {
                cache.Open();
            }
        }
    }
}
