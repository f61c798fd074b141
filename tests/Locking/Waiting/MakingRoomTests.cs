namespace FastBuffers.Locking.Tests.Waiting;

/// <summary>Whatever makes room wakes those who have it then.</summary>
public sealed class MakingRoomTests
{
    private readonly LockManager _manager = new();
    private readonly HoldTracker _tracker = new(100);

    [Fact]
    public void A_share_that_is_the_last()
    {
        HoldToken first = _tracker.Take(HoldKind.Immutable);
        HoldToken share = first.Share();
        HoldToken part = first.Share(10, 10);
        Task<HoldToken> write = _manager.Begin(_tracker, HoldKind.Write);
        Assert.True(first.TryRelease());
        Assert.True(share.TryRelease());
        write.StillWaits();
        Assert.True(part.TryRelease());
        write.Granted();
    }

    [Fact]
    public void A_downgrade()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Task<HoldToken> immutable = _manager.Begin(_tracker, HoldKind.Immutable, 50, 10);
        Task<HoldToken> read = _manager.Begin(_tracker, HoldKind.Read);
        held = held.Downgrade(HoldKind.Write);
        read.Granted();
        immutable.StillWaits();
        held = held.Downgrade(HoldKind.Read);
        immutable.Granted();
        Assert.True(held.TryRelease());
    }

    [Fact]
    public void A_downgrade_of_an_embedded_hold()
    {
        HoldToken held = _tracker.Take(HoldKind.Write);
        Task<HoldToken> immutable = _manager.Begin(_tracker, HoldKind.Immutable);
        held.Downgrade(HoldKind.Read);
        immutable.Granted();
    }

    [Fact]
    public void A_downgrade_of_a_part()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive, 20, 10);
        Task<HoldToken> elsewhere = _manager.Begin(_tracker, HoldKind.Immutable, 0, 21);
        held = held.Downgrade(HoldKind.Write);
        elsewhere.StillWaits();
        held.Downgrade(HoldKind.Read);
        elsewhere.Granted();
    }

    [Theory]
    [InlineData(HoldKind.Write, HoldKind.Immutable)]
    [InlineData(HoldKind.Immutable, HoldKind.Write)]
    public void A_change_between_Write_and_Immutable(HoldKind from, HoldKind to)
    {
        HoldToken held = _tracker.Take(from);
        Task<HoldToken> wait = _manager.Begin(_tracker, to);
        Assert.True(held.TryUpgrade(to, out held));
        wait.Granted();
        Assert.True(held.TryRelease());
    }

    [Fact]
    public void Halves_of_a_hold()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Task<HoldToken> inside = _manager.Begin(_tracker, HoldKind.Exclusive, 10, 10);
        Task<HoldToken> across = _manager.Begin(_tracker, HoldKind.Read, 45, 10);
        (HoldToken left, HoldToken right) = held.Split(50);
        inside.StillWaits();
        Assert.True(left.TryRelease());
        Assert.True(inside.Granted().TryRelease());
        across.StillWaits();
        Assert.True(right.TryRelease());
        across.Granted();
    }

    [Fact]
    public void A_joined_hold()
    {
        (HoldToken left, HoldToken right) = _tracker.Take(HoldKind.Exclusive).Split(50);
        Task<HoldToken> read = _manager.Begin(_tracker, HoldKind.Read, 0, 1);
        Assert.True(HoldToken.TryJoin(left, right, out HoldToken joined));
        read.StillWaits();
        Assert.True(joined.TryRelease());
        read.Granted();
    }

    [Fact]
    public void A_scoped_hold_on_a_part()
    {
        HoldToken scoped = _tracker.TakeRange(ConflictTable.ExclusiveIndex, new(10, 20, _tracker.Size), scoped: true, conflictThrows: true);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Read, 0, 11);
        Assert.True(scoped.TryRelease());
        wait.Granted();
    }

    [Fact]
    public void A_scoped_exclusive_hold()
    {
        HoldToken scoped = _tracker.TakeScoped(ConflictTable.ExclusiveIndex, conflictThrows: true);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Read);
        Assert.True(_tracker.Tracker.TryReleaseScopedExclusive(scoped.Value));
        _tracker.AfterRelease();
        wait.Granted();
    }

    [Fact]
    public void The_end_of_a_use_of_a_released_hold()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        HoldToken use = HoldConversion.Keep(held);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Read);
        Assert.True(held.TryRelease());
        wait.StillWaits();
        Assert.True(use.TryRelease());
        wait.Granted();
    }

    [Fact]
    public void Compatible_waiters_are_admitted_together()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Task<HoldToken>[] readers = [.. Enumerable.Range(0, 600).Select(i => i % 2 == 0
            ? _manager.Begin(_tracker, HoldKind.Read)
            : _manager.Begin(_tracker, HoldKind.Immutable, i % 100, 1))];
        Assert.True(held.TryRelease());
        Assert.All(readers, static reader => reader.Granted());
        _tracker.HasNoWaiters();
    }

    [Fact]
    public void Who_came_first_is_first_among_those_who_conflict()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Task<HoldToken> write = _manager.Begin(_tracker, HoldKind.Write);
        Task<HoldToken> immutable = _manager.Begin(_tracker, HoldKind.Immutable);
        Task<HoldToken> secondWrite = _manager.Begin(_tracker, HoldKind.Write);
        Task<HoldToken> read = _manager.Begin(_tracker, HoldKind.Read);
        Task<HoldToken> exclusive = _manager.Begin(_tracker, HoldKind.Exclusive);
        Task<HoldToken> lastRead = _manager.Begin(_tracker, HoldKind.Read);

        Assert.True(held.TryRelease());
        HoldToken first = write.Granted();
        HoldToken reader = read.Granted();
        immutable.StillWaits();
        secondWrite.StillWaits();
        lastRead.StillWaits();

        Assert.True(first.TryRelease());
        HoldToken second = immutable.Granted();
        Assert.True(second.TryRelease());
        HoldToken third = secondWrite.Granted();
        Assert.True(third.TryRelease());
        exclusive.StillWaits();
        Assert.True(reader.TryRelease());
        HoldToken fourth = exclusive.Granted();
        lastRead.StillWaits();
        Assert.True(fourth.TryRelease());
        lastRead.Granted();
    }
}
