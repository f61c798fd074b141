namespace FastBuffers.Tests.Exporters;

public sealed class LeaseExporterTests
{
    [Theory]
    [MemberData(nameof(Kinds.Pairs), MemberType = typeof(Kinds))]
    public void A_lease_shares_what_it_covers_and_takes_the_rest_beside_itself(HoldKind held, HoldKind requested)
    {
        using Region region = Region.Allocate(8);
        using Lease lease = region.Take(held);
        bool shared = held != HoldKind.Exclusive && (held == requested || Kinds.IsDowngrade(held, requested));

        bool taken = lease.TryTake(requested, out Lease other);

        Assert.Equal(shared || !Kinds.Conflict(held, requested), taken);
        Assert.Equal(taken ? requested : HoldKind.None, other.Kind);
        Assert.Equal(taken ? 2 : 1, region.Snapshot().Total);
        other.Dispose();
        Assert.False(lease.IsReleased);
        Assert.Equal(1, region.Snapshot().Total);
    }

    [Fact]
    public void A_share_is_not_refused_after_the_region_was_disposed_and_outlives_the_lease()
    {
        Region region = Region.Allocate(8);
        Lease lease = region.Take(HoldKind.Write);
        region.Dispose();

        Assert.True(lease.TryTake(HoldKind.Read, out Lease share));
        Assert.Throws<ObjectDisposedException>(() => lease.TryTake(HoldKind.Immutable, out _));

        lease.Dispose();
        Assert.Equal(8, share.ReadOnlySpan.Length);
        share.Dispose();
        Assert.True(region.IsClosed);
    }

    [Fact]
    public void The_capabilities_are_those_of_the_region()
    {
        using Region region = Region.Allocate(8);
        Lease lease = region.Take(HoldKind.Exclusive);
        Assert.Equal(region.Capabilities, lease.Capabilities);
        lease = lease.Freeze();
        Assert.Equal(HoldCapabilities.Read | HoldCapabilities.Immutable, lease.Capabilities);
        Assert.Throws<BufferException>(() => lease.TryTake(HoldKind.Write, out _));
        lease.Dispose();
    }

    [Fact]
    public void A_released_lease_gives_nothing()
    {
        using Region region = Region.Allocate(8);
        Lease lease = region.Take(HoldKind.Read);
        lease.Dispose();

        Assert.Throws<ArgumentOutOfRangeException>(() => lease.TryTake(HoldKind.None, out _));
        Assert.Throws<ObjectDisposedException>(() => lease.TryTake(HoldKind.Read, out _));
        Assert.Throws<ObjectDisposedException>(() => lease.TryTake(HoldKind.Write, out _));
        Assert.Throws<ObjectDisposedException>(() => lease.Capabilities);
        Assert.Throws<ObjectDisposedException>(static () => default(Lease).TryTake(HoldKind.Read, out _));
        Assert.Equal(default, region.Snapshot());
    }
}
