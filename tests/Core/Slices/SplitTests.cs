using System.Buffers;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Slices;

public sealed class SplitTests
{
    [Theory]
    [InlineData(0, 16)]
    [InlineData(3, 8)]
    [InlineData(3, 0)]
    public void Split_anywhere_and_joined_again_it_is_what_it_was(int start, int length)
    {
        for (int at = 0; at <= length; at++)
        {
            using Region region = Region.Allocate(16);
            Lease lease = region.Slice(start, length).Take(HoldKind.Exclusive);
            lease.Span.Fill(9);
            HoldSnapshot before = region.Snapshot();

            (Lease left, Lease right) = lease.Split(at);

            Assert.True(lease.IsReleased);
            Assert.Equal((start, at, HoldKind.Exclusive), (left.Start, left.Length, left.Kind));
            Assert.Equal((start + at, length - at, HoldKind.Exclusive), (right.Start, right.Length, right.Kind));
            Assert.Equal(2, region.Snapshot().Total);
            if (length > 0)
            {
                Assert.False(Lease.TryJoin(right, left, out _));
            }

            Assert.True(Lease.TryJoin(left, right, out Lease joined));
            Assert.True(left.IsReleased && right.IsReleased);
            Assert.Equal((start, length, before), (joined.Start, joined.Length, region.Snapshot()));
            Assert.True(joined.ReadOnlySpan.IndexOfAnyExcept((byte)9) < 0);
            joined.Dispose();
            Assert.Equal(default, region.Snapshot());
        }
    }

    [Fact]
    public void Each_part_ends_by_itself()
    {
        using Region region = Region.Allocate(16);
        (Lease left, Lease right) = region.Take(HoldKind.Exclusive).Split(6);
        left.Dispose();

        using Lease reader = region.Slice(0, 6).Take(HoldKind.Read);
        Assert.False(region.Slice(6, 1).TryTake(HoldKind.Read, out _));
        Assert.False(region.TryTake(HoldKind.Read, out _));
        using Lease immutable = right.Downgrade(HoldKind.Immutable);
        Assert.True(region.TryTake(HoldKind.Read, out Lease whole));
        whole.Dispose();
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 4)]
    [InlineData(true, 4)]
    public void Split_and_join_are_refused_while_a_scope_or_pin_is_open_and_nothing_changes(bool pin, int start)
    {
        using Region region = Region.Allocate(16);
        Lease lease = region.Slice(start, 16 - start).Take(HoldKind.Exclusive);
        foreach (int at in new[] { 0, 5, 16 - start })
        {
            AssertRefused(lease, pin, () => Assert.Throws<BufferConflictException>(() => lease.Split(at)));
        }

        (Lease left, Lease right) = lease.Split(5);
        AssertRefused(left, pin, () => Assert.False(Lease.TryJoin(left, right, out _)));
        AssertRefused(right, pin, () => Assert.False(Lease.TryJoin(left, right, out _)));
        Assert.True(Lease.TryJoin(left, right, out Lease joined));
        joined.Dispose();
        Assert.Equal(default, region.Snapshot());
    }

    [Fact]
    public void Only_neighbours_of_one_region_join_in_their_order()
    {
        using Region region = Region.Allocate(16);
        using Region other = Region.Allocate(16);
        Lease first = region.Slice(0, 4).Take(HoldKind.Exclusive);
        Lease second = region.Slice(4, 4).Take(HoldKind.Exclusive);
        Lease fourth = region.Slice(9, 4).Take(HoldKind.Exclusive);
        using Lease elsewhere = other.Slice(4, 4).Take(HoldKind.Exclusive);

        Assert.False(Lease.TryJoin(first, first, out _));
        Assert.False(Lease.TryJoin(second, first, out _));
        Assert.False(Lease.TryJoin(first, fourth, out _));
        Assert.False(Lease.TryJoin(second, fourth, out _));
        Assert.False(Lease.TryJoin(first, elsewhere, out Lease none));

        Assert.Equal((default, 3), (none, region.Snapshot().RangedHolds));
        Assert.All([first, second, fourth, elsewhere], static lease => Assert.False(lease.IsReleased));
        Assert.True(Lease.TryJoin(first, second, out Lease joined));
        Assert.False(region.Slice(7, 1).TryTake(HoldKind.Read, out _));
        Assert.All([joined, fourth], static lease => lease.Dispose());
    }

    [Theory]
    [MemberData(nameof(Kinds.EachShared), MemberType = typeof(Kinds))]
    public void What_is_not_exclusive_is_neither_split_nor_joined(HoldKind kind)
    {
        using Region region = Region.Allocate(16);
        using Lease shared = region.Slice(0, 4).Take(kind);
        using Lease exclusive = region.Slice(4, 4).Take(HoldKind.Exclusive);

        Assert.Throws<BufferException>(() => shared.Split(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => shared.Split(5));
        Assert.Throws<BufferException>(() => Lease.TryJoin(shared, exclusive, out _));
        Assert.Throws<BufferException>(() => Lease.TryJoin(exclusive, shared, out _));
        Assert.Throws<BufferException>(() => exclusive.Share(0, 2, HoldKind.Read));
        Assert.Equal(2, region.Snapshot().RangedHolds);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void A_split_outside_changes_nothing(int at)
    {
        using Region region = Region.Allocate(16);
        using Lease lease = region.Slice(4, 4).Take(HoldKind.Exclusive);

        Assert.Throws<ArgumentOutOfRangeException>(() => lease.Split(at));

        Assert.False(lease.IsReleased);
        Assert.Equal(1, region.Snapshot().Total);
    }

    [Fact]
    public void Parts_that_are_all_of_the_region_again_freeze_and_resize_it()
    {
        using Region region = Region.Allocate(4);
        (Lease left, Lease right) = region.Take(HoldKind.Exclusive).Split(1);
        (Lease middle, right) = right.Split(2);
        left.Span.Fill(1);
        middle.Span.Fill(2);
        right.Span.Fill(3);
        Assert.True(Lease.TryJoin(middle, right, out right));
        Assert.True(Lease.TryJoin(left, right, out Lease whole));

        whole = whole.Resize(5);
        using Lease frozen = whole.Freeze();

        Assert.Equal([1, 2, 2, 3, 0], frozen.ToArray());
        Assert.Equal(new HoldSnapshot { Immutables = 1, IsFrozen = true }, region.Snapshot());
    }

    [Fact]
    public void A_region_disposed_meanwhile_splits_and_joins_and_is_freed_at_the_end()
    {
        var memory = new ForeignMemory(16);
        Region region = memory.AsRegion();
        Lease lease = region.Take(HoldKind.Exclusive);
        region.Dispose();

        (Lease left, Lease right) = lease.Split(8);
        left.Dispose();
        (Lease nothing, right) = right.Split(0);
        Assert.True(Lease.TryJoin(nothing, right, out right));

        Assert.Equal(0, memory.Freed);
        right.Dispose();
        Assert.Equal(1, memory.Freed);
    }

    private static void AssertRefused(Lease used, bool pin, Action attempt)
    {
        HoldSnapshot before = used.Region.Snapshot();
        using (MemoryHandle handle = pin ? used.Pin() : default)
        using (LeaseScope scope = pin ? default : used.Open())
        {
            attempt();
            Assert.False(used.IsReleased);
            Assert.Equal(before, used.Region.Snapshot());
        }
    }
}
