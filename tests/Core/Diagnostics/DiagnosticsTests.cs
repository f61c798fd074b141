using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Diagnostics;

[Collection(ProcessWide.Name)]
public sealed class DiagnosticsTests
{
    public static TheoryData<HoldKind, int> KindsAndLengths => [.. Kinds.All.SelectMany(static kind => new[] { (kind, 0), (kind, 8) })];

    [Theory]
    [MemberData(nameof(KindsAndLengths))]
    public void Double_disposes_of_scoped_holds_and_leases_are_counted(HoldKind kind, int length)
    {
        using var watch = new DiagnosticsWatch();
        using Region region = Region.Allocate(length);
        Scoped.DisposeTwice(region, kind, () => Assert.Equal(0, watch.DoubleReleases));
        Assert.Equal(1, watch.DoubleReleases);
        Lease lease = region.Take(kind);
        lease.Dispose();
        lease.Dispose();

        Assert.Equal(2, watch.DoubleReleases);
        Assert.All(watch.DoubleReleased, report => Assert.Equal(kind, report.Kind));
    }

    [Theory]
    [MemberData(nameof(KindsAndLengths))]
    public void A_double_dispose_can_be_made_to_throw(HoldKind kind, int length)
    {
        using var watch = new DiagnosticsWatch(throwOnDoubleRelease: true);
        using Region region = Region.Allocate(length);
        Lease lease = region.Take(kind);
        lease.Dispose();

        Assert.Throws<BufferException>(() => Scoped.DisposeTwice(region, kind, static () => { }));
        Assert.Throws<BufferException>(lease.Dispose);

        Assert.Equal(default, region.Snapshot());
        Assert.Equal(2, watch.DoubleReleases);
    }

    [Fact]
    public void Disposing_default_is_no_double_release()
    {
        using var watch = new DiagnosticsWatch(throwOnDoubleRelease: true);
        default(ReadHold).Dispose();
        default(WriteHold).Dispose();
        default(ImmutableHold).Dispose();
        default(ExclusiveHold).Dispose();
        default(LeaseScope).Dispose();
        default(Lease).Dispose();

        Assert.Equal(0, watch.DoubleReleases);
    }

    [Theory]
    [MemberData(nameof(KindsAndLengths))]
    public void A_traced_double_dispose_shows_the_stack_of_the_first(HoldKind kind, int length)
    {
        using var watch = new DiagnosticsWatch();
        using Region region = Region.Allocate(length, new RegionOptions { TraceHolds = true });
        Lease lease = region.Take(kind);
        DisposeHere(lease);
        lease.Dispose();
        Scoped.DisposeTwice(region, kind, static () => { });

        Assert.Equal(2, watch.DoubleReleased.Count);
        Assert.Contains(nameof(DisposeHere), watch.DoubleReleased.First().ReleaseStack, StringComparison.Ordinal);
        Assert.Contains(nameof(Scoped.DisposeTwice), watch.DoubleReleased.Last().ReleaseStack, StringComparison.Ordinal);
        Assert.Equal(default, region.Snapshot());
    }

    [Theory]
    [MemberData(nameof(KindsAndLengths))]
    public void Disposing_under_a_hold_is_reported_once(HoldKind kind, int length)
    {
        using var watch = new DiagnosticsWatch();
        Region region = Region.Allocate(length);
        using (region.Take(kind))
        {
            region.Dispose();
            region.Dispose();
        }

        region.Dispose();
        HoldEventArgs report = Assert.Single(watch.DisposedWhileHeld);
        Assert.Equal(length, report.ByteLength);
        string holds = length == 0 ? "1 ranged hold" : $"1 {kind} hold";
        Assert.Equal($"Region of {length} bytes was disposed while {holds} is active; it is freed at the last release.", report.Message);
    }

    [Fact]
    public void Disposing_what_nobody_holds_or_what_is_somebodys_array_is_not_reported()
    {
        using var watch = new DiagnosticsWatch();
        Region.Allocate(8).Dispose();
        byte[] array = new byte[8];
        using (Region.Wrap(array).Take(HoldKind.Read))
        {
            Region.Wrap(array).Dispose();
        }

        Assert.Empty(watch.DisposedWhileHeld);
    }

    [Fact]
    public unsafe void A_free_callback_that_throws_is_reported_and_nobody_is_hurt()
    {
        using var watch = new DiagnosticsWatch();
        byte value = 0;
        int calls = 0;
        Region region = Region.Wrap(&value, 1, ConflictTable.AllKinds, () =>
        {
            calls++;
            throw new NotSupportedException("not today");
        });
        Lease lease = region.Take(HoldKind.Read);
        region.Dispose();
        lease.Dispose();
        region.Dispose();

        Assert.Equal(1, calls);
        HoldEventArgs report = Assert.Single(watch.FreeFailed);
        Assert.Equal("Freeing Region of 1 bytes failed: not today", report.Message);
        Assert.IsType<NotSupportedException>(report.Exception);
        Assert.True(region.Snapshot().IsRetired);
    }

    private static void DisposeHere(Lease lease) => lease.Dispose();
}
