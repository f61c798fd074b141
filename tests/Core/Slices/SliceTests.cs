namespace FastBuffers.Tests.Slices;

public sealed class SliceTests
{
    public static TheoryData<int, int> Outside =>
        [(-1, 0), (-1, 2), (int.MinValue, 1), (9, 0), (0, 9), (8, 1), (1, 8), (0, -1), (3, -2), (8, int.MaxValue), (1, int.MaxValue), (int.MaxValue, int.MaxValue)];

    [Theory]
    [MemberData(nameof(Outside))]
    public void A_slice_never_reaches_outside(int start, int length)
    {
        using Region region = Region.Allocate(16);
        RegionSlice slice = region.Slice(4, 8);
        using Lease lease = slice.Take(HoldKind.Read);
        using Region short8 = Region.Allocate(8);

        Assert.Throws<ArgumentOutOfRangeException>(() => short8.Slice(start, length));
        Assert.Throws<ArgumentOutOfRangeException>(() => slice.Slice(start, length));
        Assert.Throws<ArgumentOutOfRangeException>(() => lease.Share(start, length));
        Assert.Equal(new HoldSnapshot { RangedHolds = 1 }, region.Snapshot());
    }

    [Fact]
    public void Slices_of_slices_are_slices_of_the_region()
    {
        using Region region = Region.Allocate(16);
        RegionSlice inner = region.Slice(2, 12).Slice(3, 8).Slice(1, 5);

        Assert.Same(region, inner.Region);
        Assert.Equal((6, 5, region.Capabilities), (inner.Start, inner.Length, inner.Capabilities));
        Assert.True(inner == region.Slice(6, 5) && inner.Equals((object)region.Slice(6, 5)));
        Assert.True(inner != region.Slice(6, 4) && inner != region.Slice(5, 5) && inner != default);
        Assert.Equal(region.Slice(6, 5).GetHashCode(), inner.GetHashCode());
        Assert.Equal("[6, 11) of Region of 16 bytes: no hold is active", inner.ToString());
    }

    [Fact]
    public void A_slice_is_no_hold()
    {
        Region region = Region.Allocate(16);
        _ = region.Slice(2, 4);

        Assert.Equal(default, region.Snapshot());
        Assert.True(region.TryFree());
    }

    [Fact]
    public void A_default_slice_is_a_part_of_no_region()
    {
        RegionSlice none = default;

        Assert.Throws<ObjectDisposedException>(() => none.Region);
        Assert.Throws<ObjectDisposedException>(() => none.Capabilities);
        Assert.Throws<ObjectDisposedException>(() => none.Slice(0, 0));
        foreach (HoldKind kind in Kinds.All)
        {
            AssertDead(none, kind);
        }

        Assert.Equal((0, 0, "no slice"), (none.Start, none.Length, none.ToString()));
    }

    [Theory]
    [InlineData(32)]
    [InlineData(16)]
    [InlineData(0)]
    public void Slices_of_a_resized_region_are_dead_and_so_are_slices_of_them(int newLength)
    {
        using Region region = Region.Allocate(16);
        RegionSlice whole = region.Slice(0, 16);
        RegionSlice part = region.Slice(0, 4);
        RegionSlice empty = region.Slice(0, 0);
        region.Resize(newLength);

        foreach (HoldKind kind in Kinds.All)
        {
            Assert.All([whole, part, empty, whole.Slice(1, 2), part.Slice(0, 0)], slice => AssertDead(slice, kind));
        }

        Assert.Equal(default, region.Snapshot());
        Assert.Contains("dead", part.ToString(), StringComparison.Ordinal);
        region.Slice(0, newLength / 2).Take(HoldKind.Exclusive).Dispose();
    }

    [Fact]
    public void A_resize_through_a_lease_ends_the_slices_too()
    {
        using Region region = Region.Allocate(16);
        RegionSlice slice = region.Slice(0, 4);
        using Lease lease = region.Take(HoldKind.Exclusive).Resize(16);

        AssertDead(slice, HoldKind.Read);
        Assert.False(region.Slice(0, 4).TryTake(HoldKind.Read, out _));
    }

    [Fact]
    public void Slices_survive_a_resize_that_is_refused()
    {
        using Region region = Region.Allocate(16);
        RegionSlice slice = region.Slice(0, 4);
        using (region.Take(HoldKind.Read))
        {
            Assert.Throws<BufferConflictException>(() => region.Resize(8));
        }

        Lease lease = region.Take(HoldKind.Exclusive);
        using (lease.Pin())
        {
            Assert.Throws<BufferConflictException>(() => lease.Resize(8));
        }

        lease.Dispose();
        slice.Take(HoldKind.Exclusive).Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void Slices_of_a_disposed_region_give_out_no_holds(HoldKind kind)
    {
        Region region = Region.Allocate(16);
        RegionSlice slice = region.Slice(1, 4);
        region.Dispose();

        Assert.All([slice, slice.Slice(0, 2), region.Slice(2, 4), region.Slice(0, 16), region.Slice(4, 0)], dead => AssertDead(dead, kind));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.Slice(0, 17));
    }

    [Theory]
    [MemberData(nameof(Kinds.Invalid), MemberType = typeof(Kinds))]
    public void What_is_no_kind_is_refused_before_all_else(HoldKind kind)
    {
        Region region = Region.Allocate(16);
        RegionSlice slice = region.Slice(1, 4);
        region.Dispose();

        Assert.Throws<ArgumentOutOfRangeException>(() => slice.TryTake(kind, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => slice.Take(kind));
        Assert.Throws<ArgumentOutOfRangeException>(() => default(RegionSlice).Take(kind));
    }

    private static void AssertDead(RegionSlice slice, HoldKind kind)
    {
        Assert.Throws<ObjectDisposedException>(() => slice.TryTake(kind, out _));
        Assert.Throws<ObjectDisposedException>(() => slice.Take(kind));
        Assert.Throws<ObjectDisposedException>(() => kind switch
        {
            HoldKind.Read => slice.TryHoldRead(out _),
            HoldKind.Write => slice.TryHoldWrite(out _),
            HoldKind.Immutable => slice.TryHoldImmutable(out _),
            _ => slice.TryHoldExclusive(out _),
        });
    }
}
