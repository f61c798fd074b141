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

    /// <summary>All who wait, of this process, with what they want and since when.</summary>
    internal static List<(HoldDomain Domain, HoldRequestPart[] Parts, TimeProvider? Clock, long Since)> ListWaiters()
    {
        List<(HoldDomain, HoldRequestPart[], TimeProvider?, long)> waiters = [];
        foreach (WaitBucket bucket in s_buckets)
        {
            bucket.Enter();
            try
            {
                for (WaitQueue? queue = bucket.First; queue is not null; queue = queue.Next)
                {
                    queue.CollectWaiters(waiters);
                }
            }
            finally
            {
                bucket.Exit();
            }
        }

        return waiters;
    }

    /// <summary>What all who wait want, and for how long they have.</summary>
    internal static List<DomainHold> ListWaits()
    {
        List<DomainHold> waits = [];
        foreach ((HoldDomain domain, HoldRequestPart[] parts, TimeProvider? clock, long since) in ListWaiters())
        {
            // A clock may be foreign code: not under a lock.
            TimeSpan age = (clock ?? TimeProvider.System).GetElapsedTime(since);
            foreach (HoldRequestPart part in parts)
            {
                long length = part.Request.IsWhole ? domain.ByteLength : part.Request.Length;
                waits.Add(new DomainHold(domain, new HoldInfo { Kind = part.Kind, Start = part.Request.Start, Length = length, Age = age }));
            }
        }

        return waits;
    }
}
