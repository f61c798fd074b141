using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Waiting;

/// <summary>What ends all waiting, or that of some.</summary>
public sealed class EndOfWaitingTests
{
    private readonly LockManager _manager = new();
    private readonly HoldTracker _tracker = new(100);

    [Fact]
    public void Retiring_wakes_everybody()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Task<HoldToken>[] waits = [.. Kinds.All.Select(kind => _manager.Begin(_tracker, kind))
            .Concat(Kinds.All.Select(kind => _manager.Begin(_tracker, kind, 10, 10)))
            .Concat(Kinds.All.Select(kind => _manager.Begin(_tracker, kind)))];
        Task<HoldToken> blocked = Task.Run(() => _manager.Acquire(_tracker, HoldKind.Read));
        Assert.True(SpinWait.SpinUntil(() => _manager.Waiters == waits.Length + 1, Waits.Patience));

        _tracker.Retire();
        Assert.All(waits, static wait => wait.Failed<ObjectDisposedException>());
        blocked.Failed<ObjectDisposedException>();
        _tracker.HasNoWaiters();
        Assert.True(held.TryRelease());
    }

    [Fact]
    public void Retiring_an_idle_domain_wakes_everybody_behind_a_part()
    {
        var domain = new TestDomain(100);
        HoldToken held = domain.Take(HoldKind.Read);
        Task<HoldToken> wait = Begin(domain, HoldKind.Exclusive);
        Assert.False(domain.TryCloseIdle());
        domain.RetireCore(out bool stillHeld);
        Assert.True(stillHeld);
        wait.Failed<ObjectDisposedException>();
        Assert.True(held.TryRelease());
        Assert.Equal(1, domain.Closed);
    }

    [Fact]
    public void Freezing_wakes_those_who_want_to_write()
    {
        HoldToken held = _tracker.Take(HoldKind.Immutable, 0, 50);
        Task<HoldToken> write = _manager.Begin(_tracker, HoldKind.Write, 10, 5);
        Task<HoldToken> exclusive = _manager.Begin(_tracker, HoldKind.Exclusive);
        Thread.Sleep(5);
        Task<HoldToken> read = _manager.Begin(_tracker, HoldKind.Read);
        _tracker.Freeze();
        Assert.IsType<BufferException>(write.Failed<BufferException>());
        Assert.IsType<BufferException>(exclusive.Failed<BufferException>());
        read.Granted();
        _tracker.HasNoWaiters();
        Assert.True(held.TryRelease());
    }

    [Fact]
    public void Freezing_a_hold_wakes_those_who_want_to_write()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Task<HoldToken> write = _manager.Begin(_tracker, HoldKind.Write);
        Task<HoldToken> immutable = _manager.Begin(_tracker, HoldKind.Immutable, 5, 6);
        held = HoldConversion.Downgrade(held, HoldKind.Immutable, HoldChange.Freeze);
        Assert.IsType<BufferException>(write.Failed<BufferException>());
        immutable.Granted();
        Assert.True(held.TryRelease());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Resizing_wakes_those_who_wait_for_parts(bool throughHold)
    {
        var domain = new TestDomain(100);
        HoldToken held = throughHold ? domain.Take(HoldKind.Exclusive) : default;
        domain.BeginResize(held, 50);
        Task<HoldToken> part = Begin(domain, HoldKind.Read, new(10, 20, domain.Size));
        Task<HoldToken> all = Begin(domain, HoldKind.Exclusive, new(0, 100, domain.Size));
        Task<HoldToken> whole = Begin(domain, HoldKind.Exclusive);
        Task<HoldToken> nothing = Begin(domain, HoldKind.Read, new(5, 5, domain.Size));
        Task<HoldToken> behind = Begin(domain, HoldKind.Read, new(10, 20, domain.Size));
        domain.EndResize(held, 50, resized: true);
        part.Failed<ObjectDisposedException>();
        all.Failed<ObjectDisposedException>();
        nothing.Failed<ObjectDisposedException>();
        behind.Failed<ObjectDisposedException>();
        if (throughHold)
        {
            whole.StillWaits();
            Assert.True(held.TryRelease());
        }

        whole.Granted();
        domain.HasNoWaiters();
    }

    [Fact]
    public void A_resize_that_fails_makes_room_again()
    {
        var domain = new TestDomain(100);
        domain.BeginResize(default, 50);
        Task<HoldToken> part = Begin(domain, HoldKind.Read, new(10, 20, domain.Size));
        Task<HoldToken> nothing = Begin(domain, HoldKind.Exclusive, new(0, 0, domain.Size));
        domain.EndResize(default, 100, resized: false);
        part.Granted();
        nothing.Granted();
        domain.HasNoWaiters();
    }

    [Fact]
    public void A_domain_of_no_bytes_is_waited_for_while_it_is_resized()
    {
        var domain = new TestDomain(0);
        domain.BeginResize(default, 10);
        Task<HoldToken>[] waits = [.. Kinds.All.Select(kind => Begin(domain, kind))];
        domain.EndResize(default, 0, resized: true);
        Assert.All(waits, static wait => wait.Granted());
        Assert.False(domain.TryCloseIdle());
        domain.HasNoWaiters();
    }

    [Fact]
    public void A_full_domain_refuses_a_waiter_too()
    {
        var domain = new TestDomain(100);
        HoldToken held = domain.Take(HoldKind.Exclusive);
        Task<HoldToken> wait = Begin(domain, HoldKind.Read);
        HoldToken[] others = [.. Enumerable.Range(0, HoldWord.MaxHolds - 1).Select(_ =>
            domain.TakeRange(ConflictTable.ReadIndex, new(0, 0, domain.Size), scoped: false, conflictThrows: true))];
        held = held.Downgrade(HoldKind.Read);
        Assert.Contains("Too many holds", wait.Failed<BufferException>().Message, StringComparison.Ordinal);
        Assert.True(held.TryRelease());
        Assert.All(others, static other => Assert.True(other.TryRelease()));
    }

    private Task<HoldToken> Begin(HoldDomain domain, HoldKind kind, RangeRequest? part = null)
    {
        HoldRequestPart wanted = new(ConflictTable.Index(kind), part ?? RangeRequest.Whole);
        Task<HoldToken> wait = _manager.AcquireAsync<HoldToken>(domain, wanted, Timeout.InfiniteTimeSpan, default).AsTask();
        wait.StillWaits();
        return wait;
    }
}
