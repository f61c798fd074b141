namespace FastBuffers.Locking.Tests.Waiting;

/// <summary>Who is passed over, how often, and for how long.</summary>
public sealed class FairnessTests
{
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    private readonly ManualTime _time = new();
    private readonly HoldTracker _tracker = new(100);
    private readonly LockManager _manager;

    public FairnessTests() => _manager = new LockManager(new() { TimeProvider = _time });

    public static TheoryData<HoldKind, HoldKind> SharedWaiters =>
        [.. Kinds.Shared.SelectMany(static held => Kinds.All.Where(wanted => Kinds.Conflict(held, wanted)).Select(wanted => (held, wanted)))];

    [Fact]
    public void The_constants_are_those_that_are_promised() =>
        Assert.Equal((64, TimeSpan.FromMilliseconds(1)), (WaiterFairness.MaxAdmissions, WaiterFairness.MaxPassing));

    [Theory]
    [MemberData(nameof(SharedWaiters))]
    public void A_waiter_is_passed_over_64_times(HoldKind held, HoldKind wanted)
    {
        HoldToken first = _tracker.Take(held);
        Task<HoldToken> wait = _manager.Begin(_tracker, wanted);
        for (int i = 0; i < 64; i++)
        {
            Assert.True((i % 2 == 0 ? _tracker.Take(held) : _tracker.Take(held, i, 1)).TryRelease());
        }

        Refuses(held, 0, 100);
        Refuses(held, 99, 1);
        Assert.True(first.TryRelease());
        HoldToken second = wait.Granted();
        Assert.True(second.TryRelease());
        Assert.True(_tracker.Take(held).TryRelease());
    }

    [Fact]
    public void A_waiter_is_passed_over_for_a_millisecond()
    {
        HoldToken first = _tracker.Take(HoldKind.Read);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Exclusive);
        _time.Advance(TimeSpan.FromMilliseconds(1) - s_tick);
        Assert.True(_tracker.Take(HoldKind.Read).TryRelease());
        _time.Advance(s_tick);
        Refuses(HoldKind.Read, 0, 100);
        Assert.True(first.TryRelease());
        Assert.True(wait.Granted().TryRelease());
        Assert.True(_tracker.Take(HoldKind.Read).TryRelease());
    }

    [Fact]
    public void The_systems_clock_counts_too()
    {
        HoldToken first = _tracker.Take(HoldKind.Read);
        Task<HoldToken> wait = new LockManager().Begin(_tracker, HoldKind.Exclusive);
        Assert.True(SpinWait.SpinUntil(() => !_tracker.TryTake(HoldKind.Read, out HoldToken token) || !token.TryRelease(), Waits.Patience));
        Assert.True(first.TryRelease());
        wait.Granted();
    }

    [Fact]
    public void What_is_reserved_is_only_what_the_waiter_wants()
    {
        HoldToken first = _tracker.Take(HoldKind.Read, 10, 10);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Exclusive, 15, 10);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_tracker.Take(HoldKind.Exclusive, 25, 5).TryRelease());
        Assert.True(_tracker.Take(HoldKind.Read, 0, 15).TryRelease());
        Refuses(HoldKind.Read, 24, 1);
        Refuses(HoldKind.Read, 0, 16);
        Refuses(HoldKind.Read, 0, 100);
        Assert.True(_tracker.Take(HoldKind.Exclusive, 20, 0).TryRelease());
        Assert.True(first.TryRelease());
        wait.Granted();
    }

    [Fact]
    public void Compatible_holds_pass_nobody()
    {
        HoldToken first = _tracker.Take(HoldKind.Write);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Immutable);
        _time.Advance(TimeSpan.FromSeconds(1));
        for (int i = 0; i < 100; i++)
        {
            Assert.True(_tracker.Take(HoldKind.Read).TryRelease());
        }

        Refuses(HoldKind.Write, 0, 100);
        Assert.True(first.TryRelease());
        wait.Granted();
    }

    [Fact]
    public void A_refused_attempt_passes_nobody()
    {
        HoldToken first = _tracker.Take(HoldKind.Read);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Exclusive);
        for (int i = 0; i < 100; i++)
        {
            Assert.False(_tracker.TryTake(HoldKind.Exclusive, out _));
        }

        Assert.True(_tracker.Take(HoldKind.Read).TryRelease());
        Assert.True(first.TryRelease());
        wait.Granted();
    }

    [Fact]
    public void Who_asks_for_what_is_reserved_waits_behind()
    {
        HoldToken first = _tracker.Take(HoldKind.Read);
        Task<HoldToken> writer = _manager.Begin(_tracker, HoldKind.Exclusive);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Task<HoldToken> reader = _manager.Begin(_tracker, HoldKind.Read, 3, 3);
        Assert.True(first.TryRelease());
        HoldToken second = writer.Granted();
        reader.StillWaits();
        Assert.True(second.TryRelease());
        reader.Granted();
    }

    [Fact]
    public void An_upgrade_yields_to_whom_its_hold_is_not_in_the_way_of()
    {
        HoldToken blocker = _tracker.Take(HoldKind.Write);
        HoldToken reader = _tracker.Take(HoldKind.Read);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Immutable);
        Assert.True(reader.TryUpgrade(HoldKind.Write, out HoldToken writer));
        reader = writer.Downgrade(HoldKind.Read);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(reader.TryUpgrade(HoldKind.Write, out _));
        Assert.False(reader.IsReleased);
        Assert.True(blocker.TryRelease());
        wait.Granted();
    }

    [Fact]
    public void An_upgrade_need_not_yield_to_whom_its_hold_is_in_the_way_of()
    {
        HoldToken reader = _tracker.Take(HoldKind.Read);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Exclusive);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(reader.TryUpgrade(HoldKind.Write, out HoldToken writer));
        Assert.True(writer.TryUpgrade(HoldKind.Exclusive, out HoldToken alone));
        wait.StillWaits();
        Assert.True(alone.TryRelease());
        wait.Granted();
    }

    [Fact]
    public void Upgrades_pass_64_times()
    {
        HoldToken blocker = _tracker.Take(HoldKind.Write);
        HoldToken reader = _tracker.Take(HoldKind.Read, 10, 10);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Immutable, 5, 10);
        for (int i = 0; i < 64; i++)
        {
            Assert.True(reader.TryUpgrade(HoldKind.Write, out HoldToken writer));
            reader = writer.Downgrade(HoldKind.Read);
        }

        Assert.False(reader.TryUpgrade(HoldKind.Write, out _));
        Assert.True(blocker.TryRelease());
        wait.Granted();
    }

    [Fact]
    public void An_appender_yields_too()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive, 10, 10);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Exclusive, 10, 1);
        Assert.True(held.TryRelease());
        HoldToken second = wait.Granted();
        Task<HoldToken> third = _manager.Begin(_tracker, HoldKind.Exclusive, 10, 1);
        Assert.True(_tracker.TakeAppender(out _).IsDefault);
        Assert.True(second.TryRelease());
        third.Granted();
    }

    [Fact]
    public void Waiters_with_two_clocks_go_each_by_its_own()
    {
        var other = new ManualTime();
        HoldToken first = _tracker.Take(HoldKind.Read);
        Task<HoldToken> left = _manager.Begin(_tracker, HoldKind.Exclusive, 0, 10);
        Task<HoldToken> right = new LockManager(new() { TimeProvider = other }).Begin(_tracker, HoldKind.Exclusive, 90, 10);
        other.Advance(TimeSpan.FromMilliseconds(1));
        Refuses(HoldKind.Read, 90, 1);
        Assert.True(_tracker.Take(HoldKind.Read, 0, 1).TryRelease());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Refuses(HoldKind.Read, 0, 1);
        Assert.True(first.TryRelease());
        left.Granted();
        right.Granted();
    }

    private void Refuses(HoldKind kind, long start, long length)
    {
        Assert.False(_tracker.TryTake(kind, start, length, out HoldToken none));
        Assert.True(none == default);
        if (length == _tracker.Length)
        {
            Assert.False(_tracker.TryTake(kind, out _));
            BufferConflictException refusal = Assert.Throws<BufferConflictException>(() => _tracker.TakeToken(kind, conflictThrows: true));
            Assert.Equal((kind, 0, 100), (refusal.Requested, refusal.RequestedStart, refusal.RequestedLength));
            Assert.Contains("reserved", refusal.Message, StringComparison.Ordinal);
        }
    }
}
