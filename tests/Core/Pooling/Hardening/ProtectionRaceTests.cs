namespace FastBuffers.Tests.Pooling.Hardening;

/// <summary>Holds that protect the pages and holds that need to write, at the same time.</summary>
public sealed class ProtectionRaceTests
{
    [Fact]
    public void A_writer_can_write_and_an_immutable_holder_sees_nothing_change()
    {
        using var pool = new RegionPool(new RegionPoolOptions { HardenEvery = 1 });
        using Lease keeper = pool.Rent(256).Downgrade(HoldKind.Read);
        Region region = keeper.Region;
        Parallel.For(0, 4, seed =>
        {
            var random = new Random(seed);
            for (int i = 0; i < 2000; i++)
            {
                HoldKind kind = random.Next(2) == 0 ? HoldKind.Immutable : HoldKind.Write;
                if (!region.TryTake(kind, out Lease lease))
                {
                    continue;
                }

                if (kind == HoldKind.Write)
                {
                    lease.Span[seed] = (byte)i;
                    if (random.Next(2) == 0 && lease.TryUpgrade(HoldKind.Immutable, out Lease upgraded))
                    {
                        lease = upgraded;
                        Assert.Equal((byte)i, lease.ReadOnlySpan[seed]);
                    }
                }
                else
                {
                    byte[] seen = lease.ToArray();
                    Assert.True(seen.AsSpan().SequenceEqual(lease.ReadOnlySpan));
                }

                lease.Dispose();
            }
        });
    }
}
