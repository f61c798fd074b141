using System.Collections.Immutable;
using System.Runtime.InteropServices;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Slices;

public sealed class SliceLifetimeTests
{
    [Fact]
    public void Whatever_the_order_of_release_memory_is_freed_after_the_last_and_intact_until_then()
    {
        int orders = 0;
        foreach (int[] order in Orders([0, 1, 2, 3, 4]))
        {
            orders++;
            var memory = new ForeignMemory(16);
            Region region = memory.AsRegion();
            FillWithPlaces(region);
            Lease low = region.Slice(0, 8).Take(HoldKind.Read);
            Lease high = region.Slice(4, 12).Take(HoldKind.Immutable);
            Lease whole = region.Take(HoldKind.Read);
            Lease[] views = [low, high, whole, low.Share(2, 4), high.Share(6, 6, HoldKind.Read)];
            region.Dispose();

            foreach (int next in order)
            {
                Assert.Equal(0, memory.Freed);
                Assert.All(views.Where(static view => !view.IsReleased), static view => Assert.Equal(Places(view), view.ToArray()));
                views[next].Dispose();
            }

            Assert.Equal(1, memory.Freed);
            Assert.Equal(new HoldSnapshot { IsRetired = true }, region.Snapshot());
        }

        Assert.Equal(120, orders);
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void A_region_disposed_under_a_lease_of_a_slice_is_freed_when_that_ends(HoldKind kind)
    {
        foreach (int length in new[] { 0, 3, 8 })
        {
            var memory = new ForeignMemory(8);
            Region region = memory.AsRegion();
            FillWithPlaces(region);
            Lease lease = region.Slice(0, length).Take(kind);
            region.Dispose();

            Assert.Equal(Places(lease), lease.ToArray());
            Assert.Equal(0, memory.Freed);
            lease.Dispose();
            lease.Dispose();
            Assert.Equal(1, memory.Freed);
        }
    }

    [Fact]
    public void A_region_disposed_under_a_scoped_hold_on_a_slice_is_freed_when_that_ends()
    {
        var memory = new ForeignMemory(8);
        Region region = memory.AsRegion();
        FillWithPlaces(region);
        using (ExclusiveHold hold = region.Slice(2, 3).HoldExclusive())
        {
            region.Dispose();
            Assert.Equal([2, 3, 4], hold.Span.ToArray());
            Assert.Equal(0, memory.Freed);
        }

        Assert.Equal(1, memory.Freed);
    }

    [Theory]
    [MemberData(nameof(Kinds.EachShared), MemberType = typeof(Kinds))]
    public void A_share_outlives_its_parent_and_then_holds_only_its_own_part(HoldKind kind)
    {
        foreach (int parentStart in new[] { 0, 2 })
        {
            var memory = new ForeignMemory(16);
            Region region = memory.AsRegion();
            FillWithPlaces(region);
            Lease parent = region.Slice(parentStart, parentStart == 0 ? 16 : 12).Take(kind);
            Lease share = parent.Share(4, 3);
            Lease further = share.Share(1, 1, HoldKind.Read);
            parent.Dispose();

            int start = parentStart + 4;
            Assert.Equal((start, 3, kind), (share.Start, share.Length, share.Kind));
            Assert.True(region.Slice(0, start).TryTake(HoldKind.Exclusive, out Lease below));
            Assert.True(region.Slice(start + 3, 13 - start).TryTake(HoldKind.Exclusive, out Lease above));
            Assert.False(region.Slice(start, 1).TryTake(HoldKind.Exclusive, out _));
            Assert.False(region.Slice(start + 2, 1).TryTake(HoldKind.Exclusive, out _));
            share.Dispose();
            Assert.True(region.Slice(start, 1).TryTake(HoldKind.Exclusive, out Lease freed));
            Assert.False(region.Slice(start + 1, 1).TryTake(HoldKind.Exclusive, out _));

            region.Dispose();
            Assert.All([below, above, freed], static lease => lease.Dispose());
            Assert.Equal(0, memory.Freed);
            Assert.Equal([(byte)(start + 1)], further.ToArray());
            further.Dispose();
            Assert.Equal(1, memory.Freed);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void Any_hold_on_any_part_refuses_a_resize_and_nothing_changes(HoldKind kind)
    {
        foreach ((int start, int length) in new[] { (0, 16), (0, 1), (15, 1), (3, 7), (0, 0), (8, 0), (16, 0) })
        {
            using Region region = Region.Allocate(16);
            FillWithPlaces(region);
            RegionSlice slice = region.Slice(start, length);
            Lease lease = slice.Take(kind);
            HoldSnapshot before = region.Snapshot();

            var conflict = Assert.Throws<BufferConflictException>(() => region.Resize(16));
            Assert.Equal(before, conflict.Snapshot);
            Assert.Throws<BufferConflictException>(() => region.Resize(32));
            Assert.False(region.TryFree());

            Assert.Equal((before, 16), (region.Snapshot(), region.Length));
            Assert.Equal(Places(lease), lease.ToArray());
            lease.Dispose();
            slice.Take(kind).Dispose();
            region.Resize(32);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void A_hold_on_nothing_refuses_a_resize_through_the_exclusive_lease(HoldKind kind)
    {
        using Region region = Region.Allocate(16);
        Lease whole = region.Take(HoldKind.Exclusive);
        Lease nothing = region.Slice(5, 0).Take(kind);

        Assert.Throws<BufferConflictException>(() => whole.Resize(8));

        Assert.Equal((16, false, false), (region.Length, whole.IsReleased, nothing.IsReleased));
        nothing.Dispose();
        whole.Resize(8).Dispose();
    }

    [Fact]
    public void Of_two_exclusive_holders_of_nothing_neither_resizes()
    {
        using Region region = Region.Allocate(0);
        (Lease left, Lease right) = region.Take(HoldKind.Exclusive).Split(0);

        Assert.Throws<BufferConflictException>(() => left.Resize(8));
        Assert.Throws<BufferConflictException>(() => right.Resize(8));

        Assert.Equal((0, false, false), (region.Length, left.IsReleased, right.IsReleased));
        right.Dispose();
        using Lease resized = left.Resize(8);
        Assert.Equal(new HoldSnapshot { IsExclusive = true }, region.Snapshot());
    }

    [Theory]
    [InlineData(HoldKind.Read, true)]
    [InlineData(HoldKind.Immutable, true)]
    [InlineData(HoldKind.Write, false)]
    public void Wrapping_as_immutable_is_refused_while_a_part_may_be_written(HoldKind kind, bool peace)
    {
        byte[] array = new byte[16];
        Region region = Region.Wrap(array, ConflictTable.AllKinds);
        using (region.Slice(3, 2).Take(kind))
        {
            Exception? refusal = Record.Exception(() => Region.Wrap(ImmutableCollectionsMarshal.AsImmutableArray(array)));
            Assert.Equal(peace, refusal is null);
            Assert.Equal(peace, region.Snapshot().IsFrozen);
            Assert.True(peace || refusal is BufferConflictException);
        }

        Region.Wrap(ImmutableCollectionsMarshal.AsImmutableArray(array));
        Assert.Throws<BufferException>(() => region.Slice(3, 2).TryTake(HoldKind.Write, out _));
        region.Slice(3, 2).Take(HoldKind.Immutable).Dispose();
    }

    [Fact]
    public void A_region_whose_parts_were_held_can_be_frozen()
    {
        using Region region = Region.Allocate(16);
        Lease[] parts = [.. Enumerable.Range(0, 16).Select(i => region.Slice(i, 1).Take(HoldKind.Exclusive))];
        Lease shared = region.Slice(0, 0).Take(HoldKind.Write);
        Assert.All(parts, static part => part.Dispose());

        using Lease frozen = region.Take(HoldKind.Exclusive).Freeze();

        shared.Dispose();
        Assert.Equal(new HoldSnapshot { Immutables = 1, IsFrozen = true }, region.Snapshot());
        Assert.Throws<BufferException>(() => region.Slice(1, 2).TryTake(HoldKind.Exclusive, out _));
        using Lease part = region.Slice(1, 2).Take(HoldKind.Read);
        Assert.Throws<BufferException>(() => part.TryUpgrade(HoldKind.Write, out _));
        Assert.True(part.TryUpgrade(HoldKind.Immutable, out Lease immutable));
        immutable.Dispose();
    }

    private static IEnumerable<int[]> Orders(int[] items) => items.Length == 0
        ? [[]]
        : items.SelectMany(first => Orders([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));

    private static void FillWithPlaces(Region region)
    {
        using ExclusiveHold hold = region.HoldExclusive();
        for (int i = 0; i < region.Length; i++)
        {
            hold.Span[i] = (byte)i;
        }
    }

    private static byte[] Places(Lease view) => [.. Enumerable.Range(view.Start, view.Length).Select(static place => (byte)place)];
}
