namespace FastBuffers.Locking.Tests.Waiting;

/// <summary>What waits allocate. By itself: the waiters that are kept for the next wait are the whole process's.</summary>
[Collection(ProcessWide.Name)]
public sealed class WaitAllocationTests
{
    private readonly LockManager _manager = new();
    private readonly HoldTracker _tracker = new(100);

    [Fact]
    public void Without_a_wait_nothing_is_allocated()
    {
        for (int i = 0; i < 100; i++)
        {
            Turn();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            Turn();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Turn()
        {
            _manager.AcquireAsync(_tracker, HoldKind.Exclusive).Result.TryRelease();
            _manager.AcquireAsync(_tracker, HoldKind.Read, 5, 10).Result.TryRelease();
            _manager.Acquire(_tracker, HoldKind.Immutable).TryRelease();
        }
    }

    [Fact]
    public void Waiting_allocates_nothing_in_the_long_run()
    {
        for (int i = 0; i < 100; i++)
        {
            Turn();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            Turn();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Turn()
        {
            HoldToken held = _tracker.Take(HoldKind.Exclusive);
            ValueTask<HoldToken> whole = _manager.AcquireAsync(_tracker, HoldKind.Read);
            ValueTask<HoldToken> part = _manager.AcquireAsync(_tracker, HoldKind.Read, 5, 5);
            held.TryRelease();
            whole.GetAwaiter().GetResult().TryRelease();
            part.GetAwaiter().GetResult().TryRelease();
        }
    }
}
