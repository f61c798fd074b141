namespace FastBuffers.Locking;

// What is looked at from outside, and changes nothing.
internal static partial class WaitTable
{
    /// <summary>The place of a waiter in the order of its queue; 0 when it is not in it. The waiter must be that of a wait for the domain.</summary>
    internal static long PlaceOf(HoldWaiter waiter, HoldDomain domain)
    {
        WaitBucket bucket = Enter(domain);
        long place = waiter.IsQueued ? waiter.Number : 0;
        Leave(bucket, domain, null);
        return place;
    }

    /// <summary>How many wait, in this process.</summary>
    internal static int Count()
    {
        int count = 0;
        foreach (WaitBucket bucket in s_buckets)
        {
            bucket.Enter();
            count += bucket.Count;
            bucket.Exit();
        }

        return count;
    }

    /// <summary>What all who wait want, in this process, and for how long they have.</summary>
    internal static List<DomainHold> ListWaits()
    {
        List<QueuedWait> waiters = [];
        foreach (WaitBucket bucket in s_buckets)
        {
            bucket.ListWaiters(waiters);
        }

        var waits = new List<DomainHold>(waiters.Count);
        foreach (QueuedWait wait in waiters)
        {
            wait.AddTo(waits);
        }

        return waits;
    }
}
