namespace FastBuffers.Tests.Waiting;

public sealed class RegionDeadlockTests
{
    private readonly LockManager _manager = new(new() { DetectDeadlocks = true });
    private readonly HoldOwner _one = new("one");
    private readonly HoldOwner _two = new("two");

    [Fact]
    public async Task Owners_of_regions_and_slices_who_wait_for_each_other_are_a_cycle()
    {
        using Region a = Region.Allocate(100);
        using Region b = Region.Allocate(200);
        Lease first, second;
        Task<Lease> wait;
        using (_one.Enter())
        {
            first = _manager.Acquire(a, HoldKind.Exclusive);
        }

        using (_two.Enter())
        {
            second = await _manager.AcquireAsync(b.Slice(10, 20), HoldKind.Write);
        }

        using (_one.Enter())
        {
            wait = _manager.AcquireAsync(b, HoldKind.Immutable).AsTask();
            Assert.False(wait.IsCompleted);
        }

        using (_two.Enter())
        {
            DeadlockException deadlock = Assert.Throws<DeadlockException>(() => _manager.Acquire(a.Slice(0, 1), HoldKind.Read));
            Assert.Equal([a, b], deadlock.Cycle.Select(static step => step.Domain));
            Assert.Throws<DeadlockException>(() => _manager.TryAcquire(a, HoldKind.Read, TimeSpan.FromMinutes(1), out _));
            await Assert.ThrowsAsync<DeadlockException>(() => _manager.AcquireAsync(a, HoldKind.Read, TimeSpan.FromMinutes(1)).AsTask());

            // A region without the manager would wait; what is handed away is no edge.
            Assert.False(a.TryAcquire(HoldKind.Read, TimeSpan.FromMilliseconds(1), out _));
            Assert.True(_two.Forget(second));
            Assert.False(_manager.TryAcquire(a, HoldKind.Read, TimeSpan.FromMilliseconds(1), out _));
            _two.Adopt(second);
            Assert.Throws<DeadlockException>(() => _manager.Acquire(a, HoldKind.Read));
        }

        second.Dispose();
        (await wait).Dispose();
        first.Dispose();
        Assert.Equal((default, default), (a.Snapshot(), b.Snapshot()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Several_at_once_are_all_given_back_when_one_would_close_a_cycle(bool async)
    {
        using Region a = Region.Allocate(100);
        using Region b = Region.Allocate(100);
        using Region c = Region.Allocate(100);
        HoldRequest[] requests = [new(c.Slice(0, 50), HoldKind.Write), new(a, HoldKind.Read), new(c.Slice(50, 50), HoldKind.Exclusive)];
        Lease first, second;
        Task<LeaseSet> wait;
        using (_one.Enter())
        {
            first = _manager.Acquire(a, HoldKind.Exclusive);
        }

        using (_two.Enter())
        {
            second = _manager.Acquire(b, HoldKind.Exclusive);
        }

        using (_one.Enter())
        {
            wait = _manager.AcquireAllAsync([new(b, HoldKind.Read), new(c, HoldKind.Read)]).AsTask();
            Assert.False(wait.IsCompleted);
        }

        using (_two.Enter())
        {
            DeadlockException deadlock = async
                ? await Assert.ThrowsAsync<DeadlockException>(() => _manager.AcquireAllAsync(requests).AsTask())
                : Assert.Throws<DeadlockException>(() => _manager.AcquireAll(requests));
            Assert.Equal([_two, _one], deadlock.Cycle.Select(static step => step.Owner));
        }

        second.Dispose();
        using (LeaseSet both = await wait)
        {
            Assert.Equal(2, both.Count);
        }

        first.Dispose();
        Assert.Equal((default, default, default), (a.Snapshot(), b.Snapshot(), c.Snapshot()));

        // With nothing in the way it is what it always was, and what came by it is known.
        using (_two.Enter())
        {
            using LeaseSet set = _manager.AcquireAll(requests);
            Assert.Equal(3, set.Count);
            Assert.Equal(_two, Assert.Throws<DeadlockException>(() => _manager.Acquire(c, HoldKind.Exclusive)).Cycle[0].Blocker);
        }
    }

    [Fact]
    public void Only_regions_and_slices_can_be_waited_for()
    {
        using Region region = Region.Allocate(10);
        using Lease lease = region.Take(HoldKind.Read);
        Assert.Contains("Lease", Assert.Throws<ArgumentException>(() => _manager.Acquire(lease, HoldKind.Read)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => _manager.Acquire<Region>(null!, HoldKind.Read));
        Assert.Throws<ArgumentOutOfRangeException>(() => _manager.Acquire(region, HoldKind.None));
    }
}
