namespace FastBuffers.Locking.Tests.Waiting;

/// <summary>Who looks at all who wait allocates nothing while it has the lock of a queue.</summary>
[Collection(ProcessWide.Name)]
public sealed class WaitListTests
{
    private const int Count = 100;

    private readonly WaitBucket _bucket = new();

    public WaitListTests()
    {
        foreach (HoldTracker tracker in new[] { new HoldTracker(10), new HoldTracker(20) })
        {
            WaitQueue queue = _bucket.FindOrAdd(tracker);
            for (int i = 0; i < Count; i++)
            {
                var waiter = new Sleeper();
                HoldRequestPart part = new(ConflictTable.ReadIndex, new RangeRequest(i % 10, 10, tracker.Size));
                if (i % 2 == 0)
                {
                    waiter.Begin(tracker, part, clock: null);
                }
                else
                {
                    waiter.Begin(tracker, [part, part], clock: null);
                }

                queue.Add(waiter);
            }
        }
    }

    [Fact]
    public void A_list_with_room_is_filled_without_allocation()
    {
        var list = new List<QueuedWait>(2 * Count);
        _bucket.ListWaiters(list);
        list.Clear();
        long before = GC.GetAllocatedBytesForCurrentThread();
        _bucket.ListWaiters(list);
        int counted = _bucket.Count;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((2 * Count, 2 * Count), (list.Count, counted));
    }

    [Fact]
    public void A_list_without_room_grows_first_and_keeps_what_it_has()
    {
        List<QueuedWait> list = [default];
        list.TrimExcess();
        _bucket.ListWaiters(list);
        Assert.Equal(1 + (2 * Count), list.Count);
        Assert.Equal(default, list[0]);
        Assert.Equal(Count, list.Count(static wait => wait.Several is { Length: 2 }));
        Assert.Equal([10, 20], list.Skip(1).Select(static wait => wait.Domain.ByteLength).Distinct().Order());
    }

    [Fact]
    public void Counting_allocates_nothing()
    {
        WaitTable.Count();
        long before = GC.GetAllocatedBytesForCurrentThread();
        WaitTable.Count();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private sealed class Sleeper : HoldWaiter
    {
        internal override void Complete()
        {
        }
    }
}
