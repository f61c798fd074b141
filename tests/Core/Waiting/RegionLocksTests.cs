namespace FastBuffers.Tests.Waiting;

public sealed class RegionLocksTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task All_are_had_in_the_order_of_the_requests()
    {
        using Region first = Region.Allocate(100);
        using Region second = Region.Allocate(50);
        HoldRequest[] requests =
        [
            new(second, HoldKind.Exclusive),
            new(first.Slice(60, 10), HoldKind.Write),
            new(first.Slice(0, 20), HoldKind.Exclusive),
            new(first.Slice(65, 10), HoldKind.Read),
        ];
        using (LeaseSet set = RegionLocks.AcquireAll(requests))
        {
            Check(set);
        }

        using (LeaseSet set = await RegionLocks.AcquireAllAsync(requests))
        {
            Check(set);
        }

        Assert.Equal((default, default), (first.Snapshot(), second.Snapshot()));

        void Check(LeaseSet set)
        {
            Assert.Equal(4, set.Count);
            Assert.Equal([second, first, first, first], set.Select(static lease => lease.Region));
            Assert.Equal([(0, 50), (60, 10), (0, 20), (65, 10)], set.Select(static lease => (lease.Start, lease.Length)));
            Assert.Equal(requests.Select(static request => request.Kind), set.Select(static lease => lease.Kind));
            Assert.Throws<ArgumentOutOfRangeException>(() => set[4]);
        }
    }

    [Fact]
    public void Nothing_is_had_of_nothing()
    {
        using LeaseSet set = RegionLocks.AcquireAll([]);
        Assert.Empty(set);
    }

    [Fact]
    public void One_that_has_ended_already_does_no_harm()
    {
        using Region region = Region.Allocate(100);
        long doubles = HoldDiagnostics.DoubleReleases;
        LeaseSet set = RegionLocks.AcquireAll([new(region.Slice(0, 10), HoldKind.Exclusive), new(region.Slice(10, 10), HoldKind.Exclusive)]);
        set[1].Dispose();
        set.Dispose();
        set.Dispose();
        Assert.Equal(default, region.Snapshot());
        Assert.Equal(doubles, HoldDiagnostics.DoubleReleases);
    }

    [Fact]
    public async Task Of_one_region_all_are_taken_in_one_step()
    {
        using Region region = Region.Allocate(100);
        Lease blocker = region.Slice(50, 10).Take(HoldKind.Exclusive);
        Lease another = region.Slice(5, 1).Take(HoldKind.Read);
        Task<LeaseSet> wait = RegionLocks.AcquireAllAsync(
            [new(region.Slice(0, 10), HoldKind.Exclusive), new(region.Slice(50, 1), HoldKind.Read)]).AsTask();
        Assert.False(wait.IsCompleted);
        Assert.Equal((2, 1), (region.Snapshot().RangedHolds, region.Snapshot().Waiters));
        blocker.Dispose();
        Assert.False(wait.IsCompleted);
        Assert.Equal((1, 1), (region.Snapshot().RangedHolds, region.Snapshot().Waiters));
        another.Dispose();
        using LeaseSet set = await wait.WaitAsync(s_patience);
        Assert.Equal(2, region.Snapshot().RangedHolds);
    }

    [Fact]
    public async Task Cancelled_everything_is_released()
    {
        Region[] regions = [.. Enumerable.Range(0, 3).Select(static _ => Region.Allocate(10))];
        using var source = new CancellationTokenSource();
        Lease blocker = regions[1].Take(HoldKind.Read);
        Lease another = regions[2].Take(HoldKind.Read);
        Task<LeaseSet> wait = RegionLocks.AcquireAllAsync([.. regions.Select(static region => new HoldRequest(region, HoldKind.Exclusive))], source.Token).AsTask();
        Task<LeaseSet> thread = Task.Run(() => RegionLocks.AcquireAll([.. regions.Select(static region => new HoldRequest(region, HoldKind.Write))], source.Token));
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        await Record.ExceptionAsync(async () => (await thread).Dispose());
        blocker.Dispose();
        another.Dispose();
        Assert.All(regions, static region => Assert.Equal(default, region.Snapshot()));
        Assert.All(regions, static region => region.Dispose());
    }

    [Fact]
    public async Task A_failure_releases_everything()
    {
        using Region first = Region.Allocate(10);
        using Region second = Region.Allocate(10);
        Region dead = Region.Allocate(10);
        dead.Dispose();
        HoldRequest[] requests = [new(first, HoldKind.Exclusive), new(second, HoldKind.Exclusive), new(dead, HoldKind.Read)];
        Assert.Throws<ObjectDisposedException>(() => RegionLocks.AcquireAll(requests));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await RegionLocks.AcquireAllAsync(requests));
        Assert.Equal((default, default), (first.Snapshot(), second.Snapshot()));
    }

    [Fact]
    public void Requests_that_conflict_with_each_other_are_an_argument_error_that_names_them()
    {
        using Region region = Region.Allocate(100);
        using Region other = Region.Allocate(100);
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => RegionLocks.AcquireAll(
            [new(other, HoldKind.Read), new(region.Slice(10, 10), HoldKind.Write), new(region.Slice(19, 5), HoldKind.Immutable)]));
        Assert.Contains("Requests 1 (Write of [10, 20) of Region of 100 bytes) and 2 (Immutable of [19, 24)", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => { _ = RegionLocks.AcquireAllAsync([new(region, HoldKind.Exclusive), new(region, HoldKind.Read)]); });
        Assert.Throws<ArgumentException>(() => RegionLocks.AcquireAll([new(region, HoldKind.Exclusive), new(region.Slice(99, 1), HoldKind.Read)]));
        RegionLocks.AcquireAll([new(region.Slice(0, 10), HoldKind.Exclusive), new(region.Slice(10, 10), HoldKind.Exclusive)]).Dispose();
        RegionLocks.AcquireAll([new(region, HoldKind.Exclusive), new(region.Slice(10, 0), HoldKind.Exclusive)]).Dispose();
        Assert.Equal(default, region.Snapshot());
    }

    [Fact]
    public void What_cannot_be_waited_for_is_an_argument_error()
    {
        using Region region = Region.Allocate(100);
        using Lease lease = region.Take(HoldKind.Read);
        Assert.Throws<ArgumentNullException>(() => RegionLocks.AcquireAll(null!));
        Assert.Throws<ArgumentException>(() => RegionLocks.AcquireAll([default]));
        Assert.Throws<ArgumentException>(() => RegionLocks.AcquireAll([new(region, HoldKind.None)]));
        Assert.Throws<ArgumentException>(() => RegionLocks.AcquireAll([new(null!, HoldKind.Read)]));
        Assert.Throws<ArgumentException>(() => RegionLocks.AcquireAll([new(lease, HoldKind.Read)]));
    }

    [Fact]
    public void Callers_do_not_deadlock_in_whatever_order_they_name_regions_and_slices()
    {
        Region[] regions = [.. Enumerable.Range(0, 4).Select(static _ => Region.Allocate(8))];
        int seed = Environment.TickCount;
        long taken = 0;
        Task[] threads = [.. Enumerable.Range(0, 6).Select(number => Task.Factory.StartNew(
            () =>
            {
                var random = new Random(seed + number);
                for (int turn = 0; turn < 400; turn++)
                {
                    List<HoldRequest> requests = [];
                    for (int i = 0; i < 4; i++)
                    {
                        Region region = regions[random.Next(4)];
                        int start = random.Next(8);
                        requests.Add(new(random.Next(3) == 0 ? region : region.Slice(start, random.Next(1, 9 - start)), Kinds.All[random.Next(4)]));
                    }

                    try
                    {
                        using LeaseSet set = turn % 2 == 0
                            ? RegionLocks.AcquireAll(requests)
                            : RegionLocks.AcquireAllAsync(requests).AsTask().GetAwaiter().GetResult();
                        Interlocked.Increment(ref taken);
                        Thread.SpinWait(random.Next(200));
                    }
                    catch (ArgumentException)
                    {
                        // They conflict with each other.
                    }
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        Assert.True(
            Task.WaitAll(threads, TimeSpan.FromSeconds(60)),
            $"Seed {seed}: {string.Join("; ", regions.Select(static region => $"{region.Snapshot()} {string.Join(", ", region.GetHolds())}"))}");
        Assert.True(taken > 100, $"Only {taken}.");
        Assert.All(regions, static region => Assert.Equal(default, region.Snapshot()));
        Assert.All(regions, static region => region.Dispose());
    }
}
