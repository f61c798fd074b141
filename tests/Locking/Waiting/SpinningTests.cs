namespace FastBuffers.Locking.Tests.Waiting;

/// <summary>A release leaves the room to a thread that is trying, which serves those who wait when it stops to try.</summary>
public sealed class SpinningTests
{
    private static readonly HoldRequestPart s_exclusive = new(ConflictTable.ExclusiveIndex, RangeRequest.Whole);

    private readonly HoldTracker _tracker = new(100);
    private readonly LockManager _manager = new(new() { TimeProvider = new ManualTime() });

    [Fact]
    public void Where_nobody_waits_nobody_is_passed() => Assert.False(WaitTable.TryBeginSpinning(_tracker));

    [Fact]
    public void Who_gets_nothing_serves_those_who_wait()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Read, 10, 10);
        Assert.True(WaitTable.TryBeginSpinning(_tracker));
        Assert.True(held.TryRelease());
        wait.StillWaits();
        WaitTable.EndSpinning(_tracker, null);
        Assert.True(wait.Granted().TryRelease());
        _tracker.HasNoWaiters();
    }

    [Fact]
    public void Who_gets_all_leaves_them_to_its_own_release()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Exclusive);
        Assert.True(WaitTable.TryBeginSpinning(_tracker));
        Assert.True(held.TryRelease());
        HoldToken next = _tracker.Take(HoldKind.Exclusive);
        WaitTable.EndSpinning(_tracker, s_exclusive);
        wait.StillWaits();
        Assert.True(next.TryRelease());
        Assert.True(wait.Granted().TryRelease());
        _tracker.HasNoWaiters();
    }

    [Fact]
    public void Who_gets_what_others_can_have_beside_it_serves_them()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Read);
        Assert.True(WaitTable.TryBeginSpinning(_tracker));
        Assert.True(held.TryRelease());
        HoldToken next = _tracker.Take(HoldKind.Read);
        WaitTable.EndSpinning(_tracker, new(ConflictTable.ReadIndex, RangeRequest.Whole));
        Assert.True(wait.Granted().TryRelease());
        Assert.True(next.TryRelease());
        _tracker.HasNoWaiters();
    }

    [Fact]
    public void Who_was_passed_over_64_times_is_served_by_the_release()
    {
        HoldToken held = _tracker.Take(HoldKind.Read);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Exclusive);
        for (int i = 0; i < 64; i++)
        {
            Assert.True(_tracker.Take(HoldKind.Read).TryRelease());
        }

        Assert.True(WaitTable.TryBeginSpinning(_tracker));
        Assert.True(held.TryRelease());
        Assert.True(wait.Granted().TryRelease());
        WaitTable.EndSpinning(_tracker, null);
        _tracker.HasNoWaiters();
    }

    [Fact]
    public void Who_gives_up_is_not_left_behind_by_one_who_spins()
    {
        using var source = new CancellationTokenSource();
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Exclusive, source.Token);
        Assert.True(WaitTable.TryBeginSpinning(_tracker));
        source.Cancel();
        wait.Failed<OperationCanceledException>();
        Assert.True(_tracker.Tracker.IsWaitedFor);
        WaitTable.EndSpinning(_tracker, null);
        _tracker.HasNoWaiters();
        Assert.True(held.TryRelease());
    }
}
