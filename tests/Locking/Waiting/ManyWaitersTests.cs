namespace FastBuffers.Locking.Tests.Waiting;

/// <summary>10,000 waiters: each is served once, by the release that makes room for it, at a cost that does not grow with the others.</summary>
public sealed class ManyWaitersTests
{
    private const int Count = 10_000;

    private readonly LockManager _manager = new();
    private readonly HoldTracker _tracker = new(Count);

    [Fact]
    public void On_disjoint_ranges_each_release_serves_its_own()
    {
        HoldToken[] holds = [.. Enumerable.Range(0, Count).Select(i => _tracker.Take(HoldKind.Exclusive, i, 1))];
        Task<HoldToken>[] waits = [.. Enumerable.Range(0, Count).Select(i => _manager.Begin(_tracker, HoldKind.Exclusive, i, 1))];
        Assert.Equal(Count, _tracker.Snapshot().Waiters);
        int[] order = [.. Enumerable.Range(0, Count).OrderBy(static i => (i * 7919L) % Count)];
        for (int i = 0; i < Count; i++)
        {
            Assert.True(holds[order[i]].TryRelease());
            Assert.Equal(Count - i - 1, _tracker.Snapshot().Waiters);
        }

        Assert.All(waits, static wait => Assert.True(wait.Granted().TryRelease()));
        _tracker.HasNoWaiters();
    }

    [Fact]
    public void On_one_range_each_release_serves_the_next()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive, 5, 5);
        Task<HoldToken>[] waits = [.. Enumerable.Range(0, Count).Select(_ => _manager.Begin(_tracker, HoldKind.Exclusive, 5, 5))];
        foreach (Task<HoldToken> wait in waits)
        {
            wait.StillWaits();
            Assert.True(held.TryRelease());
            held = wait.Granted();
        }

        Assert.True(held.TryRelease());
        _tracker.HasNoWaiters();
    }

    [Fact]
    public void On_the_whole_all_readers_are_served_at_once()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Task<HoldToken>[] waits = [.. Enumerable.Range(0, Count).Select(_ => _manager.Begin(_tracker, HoldKind.Read))];
        Assert.True(held.TryRelease());
        Assert.All(waits, static wait => wait.Granted());
        Assert.Equal(Count, _tracker.Snapshot().Readers);
    }

    [Fact]
    public void The_end_of_a_whole_hold_serves_all_disjoint_ranges()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Task<HoldToken>[] waits = [.. Enumerable.Range(0, Count).Select(i => _manager.Begin(_tracker, HoldKind.Exclusive, i, 1))];
        Assert.True(held.TryRelease());
        Assert.All(waits, static wait => wait.Granted());
    }

    [Fact]
    public void Cancelling_them_all_leaves_nothing()
    {
        using var source = new CancellationTokenSource();
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Task<HoldToken>[] waits = [.. Enumerable.Range(0, Count).Select(i => _manager.Begin(
            _tracker, Kinds.All[i % 4], i % 100, 1 + (i % 7), source.Token))];
        source.Cancel();
        Assert.All(waits, static wait => wait.Failed<OperationCanceledException>());
        Assert.Equal(0, _manager.Waiters);
        _tracker.HasNoWaiters();
        Assert.True(held.TryRelease());
    }
}
