using System.Numerics;
using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

/// <summary>
/// Where those who wait are found, from the domain that they wait for: domains themselves know of waiters no more than that there are any
/// (a parking lot; WebKit, "Locking in WebKit", 2016). Thread-safe.
/// </summary>
/// <remarks>
/// <para><b>No wake-up is lost.</b> Who waits is put into the queue, says so in the domain (a full fence), and tries once more, all under the
/// queue's lock. Who makes room does that first (by a locked instruction, or under the lock of the range table, which who tries again enters
/// too), then reads the domain, and if somebody waits, comes here. So either the one who tries again finds the room, or the one who made it
/// finds the waiter.</para>
/// <para><b>Under the lock</b> holds are taken by the ordinary code, for waiters and, while there are any, for everybody else: so who may pass
/// whom is decided in one place. A hold that is given back there does what a release does only after the lock was left.</para>
/// </remarks>
internal static partial class WaitTable
{
    // Far more than threads that could meet here, for no more than a few kilobytes.
    private static readonly WaitBucket[] s_buckets = MakeBuckets();

    [ThreadStatic]
    private static bool t_isInside;

    [ThreadStatic]
    private static bool t_isDeferred;

    /// <summary>How many wait for a domain.</summary>
    internal static int Count(HoldDomain domain)
    {
        WaitBucket bucket = Enter(domain);
        int count = bucket.Find(domain)?.Count ?? 0;
        Leave(bucket, domain, null);
        return count;
    }

    /// <summary>Whether the caller has the lock of a queue in which somebody waits, so that what follows a release has to be done after that.</summary>
    internal static bool Defers() => t_isInside && (t_isDeferred = true);

    /// <summary>Lets a waiter wait. False when it has ended at once; then <see cref="HoldWaiter.Complete"/> is not called.</summary>
    internal static bool TryAdd(HoldWaiter waiter)
    {
        HoldDomain domain = waiter.Domain!;
        WaitBucket bucket = Enter(domain);
        WaitQueue queue = bucket.FindOrAdd(domain);
        queue.Add(waiter);
        domain.Tracker.BeginWaiting();
        bool waits = !queue.TryEnd(waiter);
        Leave(bucket, domain, null);
        return waits;
    }

    /// <summary>
    /// Takes a waiter out that waits no longer, and serves those behind it. True for exactly one caller, and only if nobody else has taken
    /// it out: then <see cref="HoldWaiter.Complete"/> is the caller's to call, or not.
    /// </summary>
    internal static bool TryRemove(HoldWaiter waiter, HoldDomain domain)
    {
        WaitBucket bucket = Enter(domain);
        HoldWaiter? done = null;
        bool removed = waiter.IsQueued;
        bool more = false;
        (long start, long end) = (0, 0);
        if (removed)
        {
            WaitQueue queue = bucket.Find(domain)!;
            (start, end) = (waiter.Group!.Start, waiter.Group.End);
            queue.Remove(waiter);
            more = queue.Serve(ref start, ref end, ref done);
        }

        Leave(bucket, domain, done);

        if (more)
        {
            Serve(domain, start, end);
        }

        return removed;
    }

    /// <summary>Serves those for whom there may be room in [start, end) of a domain.</summary>
    internal static void Serve(HoldDomain domain, long start, long end, bool yields = false)
    {
        bool more = true;
        while (more)
        {
            WaitBucket bucket = Enter(domain);
            HoldWaiter? done = null;
            more = bucket.Find(domain)?.Serve(ref start, ref end, ref done, yields) ?? false;
            Leave(bucket, domain, done);
        }
    }

    /// <summary>See <see cref="WaitQueue.BeginSpinning"/>. False when nobody waits, who could be passed.</summary>
    internal static bool TryBeginSpinning(HoldDomain domain)
    {
        WaitBucket bucket = Enter(domain);
        WaitQueue? queue = bucket.Find(domain);
        queue?.BeginSpinning();
        Leave(bucket, domain, null);
        return queue is not null;
    }

    /// <summary>See <see cref="WaitQueue.EndSpinning"/>.</summary>
    internal static void EndSpinning(HoldDomain domain, in HoldRequestPart? taken)
    {
        WaitBucket bucket = Enter(domain);
        HoldWaiter? done = null;
        (long start, long end) = bucket.Find(domain)!.EndSpinning(taken, ref done);
        Leave(bucket, domain, done);
        if (start < end)
        {
            Serve(domain, start, end);
        }
    }

    /// <summary>Wakes those who wait for what they can never get any more.</summary>
    internal static void Dismiss(HoldDomain domain)
    {
        WaitBucket bucket = Enter(domain);
        HoldWaiter? done = null;
        bucket.Find(domain)?.Dismiss(ref done);
        Leave(bucket, domain, done);

        // Those who were behind them.
        Serve(domain, -1, long.MaxValue);
    }

    /// <summary>Takes a hold for one who does not wait, unless that would pass over a waiter that has been passed over for too long.</summary>
    internal static TakeStatus Take(
        HoldDomain domain, int index, in RangeRequest request, bool scoped, out HoldToken token, out long word)
    {
        TimeProvider? clock = null;
        long now = 0;
        while (true)
        {
            WaitBucket bucket = Enter(domain);
            WaitQueue? queue = bucket.Find(domain);
            TimeProvider? missing = null;
            bool may = queue?.MayPass(HoldKind.None, index, request, clock, now, out missing) ?? false;
            if (queue is not null && missing is null)
            {
                (token, word) = (default, domain.Tracker.Word);
                TakeStatus status = TakeStatus.Reserved;
                try
                {
                    if (may)
                    {
                        status = domain.TakeNow(index, request, scoped, out token, out word);
                    }
                }
                catch (SystemException)
                {
                    Leave(bucket, domain, null);
                    throw;
                }

                if (status == TakeStatus.Taken)
                {
                    queue.NotePassing();
                }

                Leave(bucket, domain, null);
                return status;
            }

            Leave(bucket, domain, null);
            if (missing is null)
            {
                // Nobody waits any more.
                return domain.TakeNow(index, request, scoped, out token, out word);
            }

            (clock, now) = (missing, missing.GetTimestamp());
        }
    }

    /// <summary>Whether a change of a hold would pass over a waiter that has been passed over for too long. See <see cref="WaitQueue.MayPass"/>.</summary>
    internal static bool MustYield(HoldDomain domain, HoldKind from, int index, in RangeRequest request)
    {
        TimeProvider? clock = null;
        long now = 0;
        while (true)
        {
            WaitBucket bucket = Enter(domain);
            TimeProvider? missing = null;
            bool may = bucket.Find(domain)?.MayPass(from, index, request, clock, now, out missing) ?? true;
            Leave(bucket, domain, null);
            if (missing is null)
            {
                return !may;
            }

            (clock, now) = (missing, missing.GetTimestamp());
        }
    }

    /// <summary>Counts that a change of a hold has passed over waiters.</summary>
    internal static void NotePassing(HoldDomain domain, HoldKind from, int index, in RangeRequest request)
    {
        WaitBucket bucket = Enter(domain);
        if (bucket.Find(domain) is { } queue)
        {
            queue.CollectPassed(from, index, request);
            queue.NotePassing();
        }

        Leave(bucket, domain, null);
    }

    private static WaitBucket[] MakeBuckets()
    {
        var buckets = new WaitBucket[Math.Max(64, 16 * (int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount))];
        foreach (ref WaitBucket bucket in buckets.AsSpan())
        {
            bucket = new WaitBucket();
        }

        return buckets;
    }

    private static WaitBucket Enter(HoldDomain domain)
    {
        WaitBucket bucket = s_buckets[RuntimeHelpers.GetHashCode(domain) & (s_buckets.Length - 1)];
        bucket.Enter();
        t_isInside = true;
        return bucket;
    }

    // Leaves the lock, and does what could not be done under it.
    private static void Leave(WaitBucket bucket, HoldDomain domain, HoldWaiter? done)
    {
        if (bucket.Find(domain) is { IsIdle: true } empty)
        {
            domain.Tracker.EndWaiting();
            bucket.Remove(empty);
        }

        bool deferred = t_isDeferred;
        t_isInside = t_isDeferred = false;
        bucket.Exit();
        while (done is not null)
        {
            // Read before it is completed: then it is somebody else's.
            HoldWaiter? next = done.Next;
            done.Next = null;
            done.Complete();
            done = next;
        }

        if (deferred)
        {
            domain.AfterRelease();
        }
    }
}
