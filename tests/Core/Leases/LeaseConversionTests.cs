namespace FastBuffers.Tests.Leases;

public sealed class LeaseConversionTests
{
    [Theory]
    [MemberData(nameof(Kinds.Pairs), MemberType = typeof(Kinds))]
    public void A_downgrade_works_exactly_where_the_kind_is_weaker(HoldKind from, HoldKind to)
    {
        using Region region = Region.Allocate(8);
        Lease lease = region.Take(from);
        if (!Kinds.IsDowngrade(from, to))
        {
            Assert.Equal(to, Assert.Throws<ArgumentOutOfRangeException>(() => lease.Downgrade(to)).ActualValue);
            lease.Dispose();
            return;
        }

        Lease weak = lease.Downgrade(to);

        AssertReplaced(region, lease, weak, to);
    }

    [Theory]
    [MemberData(nameof(Kinds.Pairs), MemberType = typeof(Kinds))]
    public void An_upgrade_works_exactly_where_the_kind_is_stronger(HoldKind from, HoldKind to)
    {
        using Region region = Region.Allocate(8);
        Lease lease = region.Take(from);
        if (!Kinds.IsUpgrade(from, to))
        {
            Assert.Equal(to, Assert.Throws<ArgumentOutOfRangeException>(() => lease.TryUpgrade(to, out _)).ActualValue);
            lease.Dispose();
            return;
        }

        Assert.True(lease.TryUpgrade(to, out Lease upgraded));

        AssertReplaced(region, lease, upgraded, to);
    }

    [Fact]
    public void An_upgrade_that_is_refused_keeps_the_old_lease()
    {
        using Region region = Region.Allocate(8);
        using Lease mine = region.Take(HoldKind.Read);
        using Lease other = region.Take(HoldKind.Read);

        Assert.False(mine.TryUpgrade(HoldKind.Exclusive, out Lease upgraded));

        Assert.True(upgraded == default && !mine.IsReleased);
    }

    [Fact]
    public void What_was_written_can_be_published_as_Immutable_without_letting_go()
    {
        using Region region = Region.Allocate(8);
        Lease writer = region.Take(HoldKind.Write);
        writer.Span[3] = 42;

        Assert.True(writer.TryUpgrade(HoldKind.Immutable, out Lease published));

        Assert.Equal(42, published.ReadOnlySpan[3]);
        Assert.False(region.TryTake(HoldKind.Write, out _));
        published.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void Freezing_needs_Exclusive_and_lasts_for_the_regions_life(HoldKind kind)
    {
        using Region region = Region.Allocate(8);
        Lease lease = region.Take(kind);
        if (kind != HoldKind.Exclusive)
        {
            Assert.Throws<BufferException>(() => lease.Freeze());
            Assert.False(lease.IsReleased);
            lease.Dispose();
            return;
        }

        Lease frozen = lease.Freeze();

        Assert.Equal(HoldKind.Immutable, frozen.Kind);
        Assert.Equal(HoldCapabilities.Read | HoldCapabilities.Immutable, region.Capabilities);
        Assert.Equal(new HoldSnapshot { Immutables = 1, IsFrozen = true }, region.Snapshot());
        frozen.Dispose();
        Assert.Throws<BufferException>(() => region.HoldWrite().Dispose());
        Assert.Throws<BufferException>(() => region.HoldExclusive().Dispose());
        Assert.Throws<BufferException>(() => region.Resize(9));
        region.HoldRead().Dispose();
        region.HoldImmutable().Dispose();
        Assert.Equal("Region of 8 bytes: no hold is active, frozen", region.ToString());
        Assert.True(region.TryFree());
    }

    [Theory]
    [MemberData(nameof(Kinds.EachShared), MemberType = typeof(Kinds))]
    public void A_share_outlives_its_parent_and_may_be_made_after_Dispose_of_the_region(HoldKind kind)
    {
        Region region = Region.Allocate(8);
        Lease parent = region.Take(kind);
        region.Dispose();

        Lease share = parent.Share();
        parent.Dispose();

        Assert.Equal(8, share.ReadOnlySpan.Length);
        share.Share().Dispose();
        share.Dispose();
    }

    [Fact]
    public void An_Exclusive_lease_is_never_shared()
    {
        using Region region = Region.Allocate(8);
        using Lease lease = region.Take(HoldKind.Exclusive);

        Assert.Throws<BufferException>(() => lease.Share());
    }

    [Fact]
    public void After_Dispose_of_the_region_downgrades_freezing_and_pins_work_and_upgrades_and_resizes_do_not()
    {
        var memory = new Infrastructure.ForeignMemory(8);
        Region region = memory.AsRegion();
        Lease lease = region.Take(HoldKind.Exclusive);
        region.Dispose();

        lease.Pin().Dispose();
        Assert.Throws<ObjectDisposedException>(() => lease.Resize(9));
        lease = lease.Downgrade(HoldKind.Write).Downgrade(HoldKind.Read);
        Assert.Throws<ObjectDisposedException>(() => lease.TryUpgrade(HoldKind.Write, out _));

        Assert.Equal(0, memory.Freed);
        lease.Dispose();
        Assert.Equal(1, memory.Freed);

        Region another = Region.Allocate(8);
        Lease exclusive = another.Take(HoldKind.Exclusive);
        another.Dispose();
        exclusive.Freeze().Dispose();
    }

    [Fact]
    public void Freezing_a_disposed_region_of_no_bytes_through_its_lease_loses_nothing()
    {
        var memory = new Infrastructure.ForeignMemory(0);
        Region region = memory.AsRegion();
        Lease lease = region.Take(HoldKind.Exclusive);
        region.Dispose();

        lease.Freeze().Dispose();

        Assert.Equal(1, memory.Freed);
    }

    private static void AssertReplaced(Region region, Lease old, Lease converted, HoldKind kind)
    {
        Assert.Equal((kind, false, true, 1), (converted.Kind, converted.IsReleased, old.IsReleased, region.Snapshot().Total));
        old.Dispose();
        Assert.Equal(8, converted.ReadOnlySpan.Length);
        converted.Dispose();
        Assert.Equal(default, region.Snapshot());
    }
}
