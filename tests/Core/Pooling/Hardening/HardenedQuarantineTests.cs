namespace FastBuffers.Tests.Pooling.Hardening;

/// <summary>What becomes of the pages of a hardened rental after its end.</summary>
public sealed class HardenedQuarantineTests
{
    private readonly GuardedPages _pages = new(SystemMemory.Current, maxMappings: 1000);

    [Fact]
    public void As_many_stay_mapped_as_fit_and_none_after_the_pool()
    {
        using (RegionPool pool = Create())
        {
            for (int i = 0; i < 3 * QuarantinedPages.MaxMappings; i++)
            {
                pool.Rent(100).Dispose();
            }

            Assert.Equal(QuarantinedPages.MaxMappings, _pages.Mappings);
            Assert.Equal(0, pool.Statistics.ReservedBytes);
        }

        Assert.Equal(0, _pages.Mappings);
    }

    [Fact]
    public void Long_ones_leave_sooner_but_not_at_once()
    {
        using RegionPool pool = Create();
        int length = (int)(QuarantinedPages.MaxBytes / 4);
        for (int i = 0; i < 10; i++)
        {
            pool.Rent(length).Dispose();
        }

        Assert.Equal(4, _pages.Mappings);
        pool.Rent((int)QuarantinedPages.MaxBytes + 1).Dispose();
        Assert.Equal(1, _pages.Mappings);
    }

    [Fact]
    public void One_that_ends_after_its_pool_is_unmapped()
    {
        RegionPool pool = Create();
        Lease lease = pool.Rent(100);
        pool.Dispose();
        lease.Span.Fill(1);
        Assert.Equal(1, _pages.Mappings);
        lease.Dispose();
        Assert.Equal(0, _pages.Mappings);
    }

    [Fact]
    public void Threads_rent_harden_freeze_and_return_together()
    {
        using RegionPool pool = Create();
        Parallel.For(0, 4, seed =>
        {
            var random = new Random(seed);
            for (int i = 0; i < 300; i++)
            {
                Lease lease = pool.Rent(random.Next(1, 20_000));
                lease.Span.Fill((byte)seed);
                Lease immutable = lease.Downgrade(HoldKind.Immutable);
                using Lease share = immutable.Share();
                immutable.Dispose();
                Assert.Equal(-1, share.ReadOnlySpan.IndexOfAnyExcept((byte)seed));
            }
        });
        Assert.Equal((1200, 1200, 0), (pool.Statistics.HardenedRents, pool.Statistics.Returns, pool.Statistics.ReservedBytes));
        Assert.Equal(QuarantinedPages.MaxMappings, _pages.Mappings);
    }

    private RegionPool Create() => new(new RegionPoolOptions { HardenEvery = 1, GuardedPages = _pages });
}
