using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Ranges;

public sealed class RangedTokenTests
{
    [Theory]
    [MemberData(nameof(Kinds.Pairs), MemberType = typeof(Kinds))]
    public void Ranges_conflict_when_kinds_do_and_a_byte_is_shared(HoldKind held, HoldKind requested)
    {
        var tracker = new HoldTracker(100);
        Assert.True(tracker.TryTake(held, 10, 10, out HoldToken holder));

        foreach ((long start, long length, bool meets) in new[] { (0L, 10L, false), (0, 11, true), (19, 1, true), (20, 80, false), (0, 100, true), (15, 0, false) })
        {
            Assert.Equal(!meets || !Kinds.Conflict(held, requested), tracker.TryTake(requested, start, length, out HoldToken token));
            Assert.Equal(token != default, token.TryRelease());
        }

        Assert.True(holder.TryRelease());
        Assert.Equal(default, tracker.Snapshot());
    }

    [Fact]
    public void A_share_of_a_part_is_counted_from_its_parents_first_byte()
    {
        var tracker = new HoldTracker(100);
        Assert.True(tracker.TryTake(HoldKind.Write, 10, 10, out HoldToken parent));
        HoldToken share = parent.Share(2, 3, HoldKind.Read);
        HoldToken further = share.Share(2, 1);
        Assert.True(parent.TryRelease());

        Assert.Equal((HoldKind.Read, HoldKind.Read), (share.Kind, further.Kind));
        Assert.Equal([(12, 3), (14, 1)], tracker.GetHolds().Select(static hold => (hold.Start, hold.Length)).Order());
        Assert.Throws<ArgumentOutOfRangeException>(() => share.Share(0, 1, HoldKind.Write));
        Assert.Throws<ArgumentOutOfRangeException>(() => share.Share(2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => share.Share(long.MaxValue, long.MaxValue));
        Assert.Throws<ObjectDisposedException>(() => parent.Share(0, 1));
        Assert.True(share.TryRelease() && further.TryRelease());
    }

    [Fact]
    public void Sharing_the_whole_in_part_makes_it_a_range()
    {
        foreach (DomainForm form in DomainForms.All)
        {
            TestDomain domain = DomainForms.Create(form, 100);
            HoldToken[] wholes = [.. Enumerable.Range(0, 3).Select(_ => domain.Take(HoldKind.Immutable))];
            HoldToken[] shares = [.. wholes.Select(static whole => whole.Share(10, 10)), .. wholes.Select(static whole => whole.Share(0, 100))];

            Assert.Equal(new HoldSnapshot { Immutables = 6, RangedHolds = 3 }, domain.Snapshot());
            Assert.All(wholes.Concat(shares), static hold => Assert.True(hold.TryRelease()));
            Assert.Equal(default, domain.Snapshot());
        }
    }

    [Fact]
    public void Retiring_refuses_ranges_but_not_shares_splits_joins_and_downgrades()
    {
        var domain = new TestDomain(100);
        HoldToken shared = domain.TakeRange(ConflictTable.WriteIndex, new RangeRequest(0, 10, 0), scoped: false, conflictThrows: true);
        HoldToken exclusive = domain.TakeRange(ConflictTable.ExclusiveIndex, new RangeRequest(10, 20, 0), scoped: false, conflictThrows: true);
        domain.RetireCore(out _);

        Assert.Throws<ObjectDisposedException>(() => domain.TakeRange(0, new RangeRequest(50, 51, 0), scoped: false, conflictThrows: false));
        Assert.Throws<ObjectDisposedException>(() => shared.TryUpgrade(HoldKind.Immutable, out _));
        HoldToken share = shared.Share(1, 2);
        shared = shared.Downgrade(HoldKind.Read);
        (HoldToken left, HoldToken right) = exclusive.Split(5);
        Assert.True(HoldToken.TryJoin(left, right, out exclusive));

        Assert.Equal((0, 3), (domain.Closed, domain.Snapshot().RangedHolds));
        Assert.True(share.TryRelease() && shared.TryRelease() && exclusive.TryRelease());
        Assert.Equal(1, domain.Closed);
    }

    [Theory]
    [InlineData(HoldKind.Read, true)]
    [InlineData(HoldKind.Write, false)]
    [InlineData(HoldKind.Immutable, true)]
    [InlineData(HoldKind.Exclusive, false)]
    public void Freezing_is_refused_while_a_part_may_be_written(HoldKind kind, bool peace)
    {
        var tracker = new HoldTracker(100);
        Assert.True(tracker.TryTake(kind, 99, 1, out HoldToken hold));

        Assert.Equal(peace, Record.Exception(tracker.Freeze) is not BufferConflictException);

        Assert.Equal(peace, tracker.Snapshot().IsFrozen);
        Assert.True(hold.TryRelease());
        tracker.Freeze();
        Assert.Throws<BufferException>(() => tracker.TryTake(HoldKind.Write, 0, 1, out _));
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(10, 10)]
    [InlineData(10, 0)]
    public void Released_twice_a_range_ends_once(long start, long length)
    {
        var tracker = new HoldTracker(100);
        foreach (HoldKind kind in Kinds.All)
        {
            Assert.True(tracker.TryTake(kind, start, length, out HoldToken first));
            Assert.True(first.TryRelease());
            Assert.True(tracker.TryTake(kind, start, length, out HoldToken second));

            Assert.False(first.TryRelease());

            Assert.Equal((true, false, kind, $"{kind} hold, released"), (first.IsReleased, second.IsReleased, first.Kind, first.ToString()));
            Assert.True(second.TryRelease());
        }

        Assert.Equal(default, tracker.Snapshot());
    }

    [Fact]
    public void At_length_0_parts_are_joined_in_either_order()
    {
        var tracker = new HoldTracker(0);
        Assert.True(tracker.TryTake(HoldKind.Exclusive, out HoldToken hold));
        (HoldToken left, HoldToken right) = hold.Split(0);

        Assert.True(HoldToken.TryJoin(right, left, out HoldToken joined));

        Assert.Equal(new HoldSnapshot { RangedHolds = 1 }, tracker.Snapshot());
        Assert.True(joined.TryRelease());
        Assert.Equal(default, tracker.Snapshot());
    }
}
