using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers.Tests.Pooling.Hardening;

/// <summary>What a hardened rental is, to one who keeps to the rules.</summary>
public sealed unsafe class HardenedRentalTests
{
    private static readonly int s_page = Environment.SystemPageSize;

    [Theory]
    [InlineData(1, 64)]
    [InlineData(63, 64)]
    [InlineData(64, 64)]
    [InlineData(1000, 64)]
    [InlineData(4096, 64)]
    [InlineData(4097, 64)]
    [InlineData(100_000, 64)]
    [InlineData((5 << 20) + 1, 64)]
    [InlineData(1000, 256)]
    [InlineData(1000, 4096)]
    public void It_ends_at_the_end_of_a_page_as_near_as_its_alignment_lets_it(int length, int alignment)
    {
        using var pool = new RegionPool(new RegionPoolOptions { HardenEvery = 1, Alignment = alignment });
        using Lease lease = pool.Rent(length);
        Assert.Equal(length, lease.Length);
        nint first = AddressOf(lease);
        Assert.Equal(0, first % alignment);
        nint end = first + length;
        Assert.InRange((s_page - (end % s_page)) % s_page, 0, alignment - 1);
        lease.Span.Fill(0xFF);
        Assert.Equal(1, pool.Statistics.HardenedRents);
    }

    [Fact]
    public void Every_nth_is_hardened_from_the_first_on_and_the_others_are_not()
    {
        using var pool = new RegionPool(new RegionPoolOptions { HardenEvery = 3 });
        for (int i = 0; i < 9; i++)
        {
            using Lease lease = pool.Rent(i % 2 == 0 ? 100 : 100_000);
            lease.Span.Fill(1);
        }

        RegionPoolStatistics statistics = pool.Statistics;
        Assert.Equal(3, statistics.HardenedRents);
        Assert.Equal((9, 9, 0), (statistics.Rents, statistics.Returns, statistics.RentedBytes));
    }

    [Fact]
    public void None_is_hardened_by_default()
    {
        using var pool = new RegionPool();
        pool.Rent(100).Dispose();
        Assert.Equal((0, 0), (pool.Statistics.HardenedRents, pool.Statistics.HardeningRefusals));
    }

    [Fact]
    public void Whole_pages_are_charged_until_it_ends()
    {
        using var pool = new RegionPool(new RegionPoolOptions { HardenEvery = 1 });
        Lease lease = pool.Rent(100);
        Lease another = pool.Rent(s_page + 1);
        Assert.Equal((3 * s_page, 3 * s_page), (pool.Statistics.RentedBytes, pool.Statistics.ReservedBytes));
        lease.Dispose();
        another.Dispose();
        Assert.Equal((0, 0), (pool.Statistics.RentedBytes, pool.Statistics.ReservedBytes));
    }

    [Fact]
    public void One_whose_pages_exceed_the_budget_is_an_ordinary_rental()
    {
        using var pool = new RegionPool(new RegionPoolOptions { HardenEvery = 1, MaxBytes = s_page - 1 });
        using Lease lease = pool.Rent(100);
        lease.Span.Fill(1);
        Assert.Equal((0, 1), (pool.Statistics.HardenedRents, pool.Statistics.HardeningRefusals));
        Assert.InRange(pool.Statistics.ReservedBytes, 128, s_page - 1);
    }

    [Fact]
    public void One_for_which_there_is_no_mapping_is_an_ordinary_rental()
    {
        var pages = new GuardedPages(SystemMemory.Current, maxMappings: 1);
        using var pool = new RegionPool(new RegionPoolOptions { HardenEvery = 1, GuardedPages = pages });
        using Lease first = pool.Rent(100);
        using Lease second = pool.Rent(100);
        using Lease third = pool.Rent(100_000);
        Assert.Equal((1, 2), (pool.Statistics.HardenedRents, pool.Statistics.HardeningRefusals));
        Assert.Equal(1, pages.Mappings);
    }

    [Fact]
    public void It_grows_and_shrinks_with_its_bytes_and_stays_at_the_end_of_a_page()
    {
        using var pool = new RegionPool(new RegionPoolOptions { HardenEvery = 1, Clear = PoolClearing.OnReturn });
        Lease lease = pool.Rent(10);
        lease.Span.Fill(7);
        int kept = 10;
        foreach (int length in (int[])[9, 10_000, 20_000, 19_999, 300, 5, 5_000_000, 70, 64, 4096])
        {
            kept = Math.Min(kept, length);
            lease = lease.Resize(length);
            Assert.Equal(kept, lease.Span.IndexOfAnyExcept((byte)7) is var at && at < 0 ? length : at);
            Assert.Equal(-1, lease.Span[kept..].IndexOfAnyExcept((byte)0));
            Assert.InRange((s_page - ((AddressOf(lease) + length) % s_page)) % s_page, 0, 63);
            lease.Span[kept..].Fill(7);
            kept = length;
        }

        lease = lease.Resize(0);
        lease = lease.Resize(100);
        Assert.Equal(-1, lease.Span.IndexOfAnyExcept((byte)0));
        lease.Span.Fill(1);
        lease.Dispose();
        Assert.Equal((0, 0), (pool.Statistics.RentedBytes, pool.Statistics.ReservedBytes));
    }

    [Fact]
    public void Who_may_write_can()
    {
        using var pool = new RegionPool(new RegionPoolOptions { HardenEvery = 1 });
        Lease lease = pool.Rent(1000).Downgrade(HoldKind.Immutable);
        Assert.True(lease.TryUpgrade(HoldKind.Write, out lease));
        lease.Span.Fill(1);
        lease = lease.Downgrade(HoldKind.Read);
        Region region = lease.Region;
        region.HoldImmutable().Dispose();
        using (WriteHold hold = region.HoldWrite())
        {
            hold.Span.Fill(2);
        }

        region.Take(HoldKind.Immutable).Dispose();
        region.HoldImmutable().Dispose();
        using (Lease writer = region.Take(HoldKind.Write))
        {
            writer.Span.Fill(3);
        }

        region.HoldImmutable().Dispose();
        using (Lease part = region.Slice(10, 20).Take(HoldKind.Write))
        {
            part.Span.Fill(4);
        }

        region.HoldImmutable().Dispose();
        using (WriteHold part = region.Slice(10, 20).HoldWrite())
        {
            part.Span.Fill(5);
        }

        Assert.True(lease.TryUpgrade(HoldKind.Immutable, out lease));
        Assert.True(lease.TryUpgrade(HoldKind.Exclusive, out lease));
        lease.Span.Fill(6);
        lease.Dispose();
    }

    [Fact]
    public void A_read_only_one_is_cleared_at_its_end()
    {
        using var pool = new RegionPool(new RegionPoolOptions { HardenEvery = 1 });
        Lease lease = pool.Rent(1000, sensitive: true);
        lease.Span.Fill(1);
        lease.Freeze().Dispose();
        lease = pool.Rent(1000);
        Region region = lease.Region;
        lease.Freeze().Dispose();
        Assert.Throws<ObjectDisposedException>(() => region.TryTake(HoldKind.Read, out _));
        Assert.Equal((2, 2), (pool.Statistics.HardenedRents, pool.Statistics.Returns));
    }

    [Fact]
    public void Hardening_needs_native_memory()
    {
        var options = new RegionPoolOptions { HardenEvery = 1, Backing = PoolBacking.PinnedHeap };
        Assert.Throws<ArgumentException>(() => new RegionPool(options));
        Assert.Throws<ArgumentOutOfRangeException>(() => options.HardenEvery = -1);
    }

    private static nint AddressOf(Lease lease) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(lease.ReadOnlySpan));
}
