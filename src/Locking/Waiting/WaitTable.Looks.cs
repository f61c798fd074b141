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
}
