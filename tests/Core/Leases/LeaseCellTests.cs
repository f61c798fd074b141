using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Leases;

[Collection(ProcessWide.Name)]
public sealed class LeaseCellTests
{
    public static TheoryData<HoldKind> Publishable => [HoldKind.Read, HoldKind.Immutable];

    [Theory]
    [MemberData(nameof(Publishable))]
    public void Readers_share_what_is_current_and_keep_it(HoldKind kind)
    {
        using Region first = Region.Allocate(1);
        using Region second = Region.Allocate(2);
        using LeaseCell cell = new(first.Take(kind));
        using Lease old = cell.Share();
        using Lease older = cell.Share();

        cell.Publish(second.Take(kind));

        Assert.Equal(2, first.Snapshot().Total);
        Assert.Equal(1, old.Length);
        Assert.True(cell.TryShare(out Lease current));
        Assert.Equal((second, kind), (current.Region, current.Kind));
        current.Dispose();
    }

    [Fact]
    public void An_empty_cell_has_nothing_to_share()
    {
        using Region region = Region.Allocate(1);
        using var cell = new LeaseCell();
        Assert.False(cell.TryShare(out Lease share));
        Assert.Equal(default, share);
        Assert.IsType<BufferException>(Record.Exception(() => cell.Share()));
        Assert.False(cell.TryRemove(out _));

        Lease lease = region.Take(HoldKind.Immutable);
        cell.Publish(lease);
        Assert.True(cell.TryRemove(out Lease removed));

        Assert.Equal(lease, removed);
        Assert.False(removed.IsReleased);
        Assert.False(cell.TryShare(out _));
        removed.Dispose();
        Assert.Equal(default, region.Snapshot());
    }

    [Fact]
    public void The_last_version_goes_with_its_last_reader()
    {
        var memory = new ForeignMemory(8);
        Region region = memory.AsRegion();
        var cell = new LeaseCell(region.Take(HoldKind.Read));
        region.Dispose();
        Lease share = cell.Share();

        cell.Dispose();
        cell.Dispose();

        Assert.Equal(0, memory.Freed);
        share.Dispose();
        Assert.Equal(1, memory.Freed);
    }

    [Fact]
    public void A_disposed_cell_releases_what_is_published_to_it()
    {
        using Region region = Region.Allocate(8);
        var cell = new LeaseCell(region.Take(HoldKind.Read));
        cell.Dispose();

        Assert.Throws<ObjectDisposedException>(() => cell.Publish(region.Take(HoldKind.Read)));

        Assert.Throws<ObjectDisposedException>(() => cell.Share());
        Assert.Throws<ObjectDisposedException>(() => cell.TryShare(out _));
        Assert.Throws<ObjectDisposedException>(() => cell.TryRemove(out _));
        Assert.Equal(default, region.Snapshot());
    }

    [Theory]
    [InlineData(HoldKind.Write)]
    [InlineData(HoldKind.Exclusive)]
    public void What_readers_cannot_share_is_refused_and_released(HoldKind kind)
    {
        using Region other = Region.Allocate(8);
        using Region region = Region.Allocate(8);
        using var cell = new LeaseCell(other.Take(HoldKind.Read));

        Assert.IsType<BufferException>(Record.Exception(() => cell.Publish(region.Take(kind))));
        Assert.IsType<BufferException>(Record.Exception(() => new LeaseCell(region.Take(kind))));

        Assert.Equal(default, region.Snapshot());
        using Lease share = cell.Share();
        Assert.Same(other, share.Region);
    }

    [Fact]
    public void A_released_lease_is_no_version()
    {
        using var watch = new DiagnosticsWatch();
        using Region region = Region.Allocate(8);
        using var cell = new LeaseCell();
        Lease lease = region.Take(HoldKind.Read);
        lease.Dispose();

        Assert.Throws<ObjectDisposedException>(() => cell.Publish(lease));
        Assert.Throws<ObjectDisposedException>(() => cell.Publish(default));

        Assert.False(cell.TryShare(out _));
        Assert.Equal(0, watch.DoubleReleases);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_version_that_somebody_else_released_is_an_error_and_no_endless_search(int company)
    {
        using Region region = Region.Allocate(8);
        Lease[] others = [.. Enumerable.Range(0, company).Select(_ => region.Take(HoldKind.Read))];
        Lease lease = region.Take(HoldKind.Read);
        var cell = new LeaseCell(lease);
        lease.Dispose();

        Assert.Throws<ObjectDisposedException>(() => cell.Share());

        cell.Publish(region.Take(HoldKind.Read));
        cell.Share().Dispose();
        cell.Dispose();
        Assert.All(others, static other => other.Dispose());
        Assert.Equal(default, region.Snapshot());
    }
}
