using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Regions;

[Collection(ProcessWide.Name)]
public sealed class ResizeRaceTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    public void A_lease_disposed_while_it_resizes_leaves_the_region_whole(int length)
    {
        using Region region = Region.Allocate(length);
        Lease lease = default;
        Lease resized = default;
        Race.Rounds(
            10_000,
            _ =>
            {
                lease = region.Take(HoldKind.Exclusive);
                resized = default;
            },
            _ =>
            {
                try
                {
                    resized = lease.Resize(length);
                }
                catch (Exception refusal) when (refusal is ObjectDisposedException or BufferConflictException)
                {
                    // Ended first; or, on no bytes, the reader came in before.
                }
            },
            _ =>
            {
                lease.Dispose();
                Scoped.Try(region, HoldKind.Read);
            },
            round =>
            {
                resized.Dispose();
                Assert.True(region.Snapshot() == default, $"Round {round}: {region}");
            });
        Assert.True(region.TryFree());
    }
}
