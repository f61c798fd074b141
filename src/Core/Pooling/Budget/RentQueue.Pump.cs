namespace FastBuffers;

// Handing out what came back.
internal sealed partial class RentQueue : IThreadPoolWorkItem
{
    // How often one caller of Pump asks the source before the thread pool goes on for it, so that a return does not serve everybody
    // who waits. Arbitrary.
    private const int TurnsOfCaller = 64;

    // How many calls of Pump have not been answered. Above 0, somebody is pumping.
    private long _requests;

    /// <summary>
    /// Serves from the head for as long as the source has budget. To be called whenever memory came back while
    /// <see cref="HasWaiters"/>, on any thread, inside the source too, but not under a lock that the source takes. Never throws.
    /// </summary>
    /// <remarks>
    /// One thread pumps at a time. Another one leaves its request with it, by an interlocked instruction behind what it gave back, and
    /// goes: the one who pumps looks once more before it stops. After some turns it leaves the rest to the thread pool.
    /// </remarks>
    internal void Pump()
    {
        if (Interlocked.Increment(ref _requests) == 1)
        {
            Serve();
        }
    }

    /// <summary>Goes on with what a caller of <see cref="Pump"/> left to the thread pool.</summary>
    void IThreadPoolWorkItem.Execute() => Serve();

    private void Serve()
    {
        int turns = 0;
        long answered;
        do
        {
            answered = Volatile.Read(ref _requests);
            do
            {
                if (++turns > TurnsOfCaller)
                {
                    // The requests stay open, so that nobody else begins.
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                    return;
                }
            }
            while (TryServeFirst());
        }
        while (Interlocked.Add(ref _requests, -answered) != 0);
    }

    private bool TryServeFirst()
    {
        RentWaiter? waiter = Peek(out int length);
        if (waiter is null)
        {
            return false;
        }

        Lease lease = default;
        Exception? failure = null;
        try
        {
            if (!_source.TryRent(length, out lease))
            {
                return false;
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        if (!TryRemove(waiter, out _))
        {
            // Cancelled or closed meanwhile: nobody will ever see this lease.
            if (failure is null)
            {
                lease.Dispose();
            }
        }
        else if (failure is null)
        {
            waiter.Complete(lease);
        }
        else
        {
            waiter.Fail(failure);
        }

        return true;
    }
}
