using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Pooling;

[Collection(ProcessWide.Name)]
public sealed class DoubleReturnTests
{
    public static TheoryData<int> Lengths => [1, 64, 4096, 32 << 10, 64 << 10, 4 << 20, (4 << 20) + 1];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_second_return_changes_nothing_and_is_counted_once(int length)
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool();
        Lease lease = pool.Rent(length);
        Lease copy = lease;
        lease.Dispose();

        copy.Dispose();
        Race.Run(copy.Dispose);

        Assert.Equal(2, pool.Statistics.DoubleReturns);
        Assert.Equal(2, watch.DoubleReleases);
        Assert.Equal((1L, 1L, 0L), (pool.Statistics.Rents, pool.Statistics.Returns, pool.Statistics.RentedBytes));
        AssertTwoAreApart(pool, length);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_second_return_does_not_end_the_next_rental_of_the_block(int length)
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool();
        Lease stale = pool.Rent(length);
        nint address = Rentals.AddressOf(stale);
        stale.Dispose();
        using Lease next = pool.Rent(length);
        Assert.True(Rentals.AddressOf(next) == address || length > 4 << 20);
        Rentals.Stamp(next, 1);

        stale.Dispose();
        Race.Run(stale.Dispose, stale.Dispose);

        Assert.False(next.IsReleased);
        Assert.True(Rentals.HasStamp(next, 1));
        Assert.Equal(3, pool.Statistics.DoubleReturns);
        using Lease another = pool.Rent(length);
        Assert.NotEqual(Rentals.AddressOf(next), Rentals.AddressOf(another));
    }

    [Fact]
    public void A_return_inside_a_using_is_a_double_one()
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool();
        Lease lease = pool.Rent(100);
        using (lease)
        {
            lease.Dispose();
        }

        Assert.Equal(1, pool.Statistics.DoubleReturns);
        AssertTwoAreApart(pool, 100);
    }

    [Fact]
    public void The_old_lease_of_a_change_returns_nothing()
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool();
        Lease exclusive = pool.Rent(100);
        Lease read = exclusive.Downgrade(HoldKind.Read);
        exclusive.Dispose();
        Assert.False(read.IsReleased);
        Assert.True(read.TryUpgrade(HoldKind.Exclusive, out Lease again));
        read.Dispose();
        exclusive.Dispose();
        (Lease left, Lease right) = again.Split(50);
        again.Dispose();
        Assert.True(Lease.TryJoin(left, right, out Lease joined));
        left.Dispose();
        right.Dispose();
        Lease resized = joined.Resize(5000);
        joined.Dispose();
        Assert.False(resized.IsReleased);
        Assert.Equal(1, pool.Statistics.Rents - pool.Statistics.Returns);

        resized.Dispose();

        Assert.Equal(0, pool.Statistics.RentedBytes);
        Assert.Equal(7, watch.DoubleReleases);
        AssertTwoAreApart(pool, 100);
        AssertTwoAreApart(pool, 5000);
    }

    [Fact]
    public void A_second_return_of_a_part_is_not_counted_by_the_pool_that_has_its_ticket_now()
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool();
        using var other = new RegionPool();
        (Lease left, Lease right) = pool.Rent(100).Split(50);
        left.Dispose();
        right.Dispose();
        (Lease first, Lease second) = other.Rent(100).Split(50);

        left.Dispose();
        right.Dispose();

        Assert.Equal(2, watch.DoubleReleases);
        Assert.Equal((0L, 0L), (pool.Statistics.DoubleReturns, other.Statistics.DoubleReturns));
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public void A_second_return_throws_if_it_shall()
    {
        using var watch = new DiagnosticsWatch(throwOnDoubleRelease: true);
        using var pool = new RegionPool();
        Lease lease = pool.Rent(100);
        lease.Dispose();

        Assert.Throws<BufferException>(lease.Dispose);
        using Lease next = pool.Rent(100);
        Assert.Throws<BufferException>(lease.Dispose);

        Assert.False(next.IsReleased);
        Assert.Equal(2, pool.Statistics.DoubleReturns);
    }

    [Fact]
    public void A_second_return_says_where_the_first_one_was_if_rentals_are_traced()
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool(new() { LeakDetection = LeakDetectionLevel.EveryWithTouches });
        Lease lease = pool.Rent(100);
        ReturnFirst(lease);
        using Lease next = pool.Rent(100);

        lease.Dispose();

        HoldEventArgs report = Assert.Single(watch.DoubleReleased);
        Assert.Contains(nameof(ReturnFirst), report.ReleaseStack, StringComparison.Ordinal);
        Assert.Contains(nameof(A_second_return_says_where_the_first_one_was_if_rentals_are_traced), report.BirthStack, StringComparison.Ordinal);
        Assert.False(next.IsReleased);

        static void ReturnFirst(Lease lease) => lease.Dispose();
    }

    // That a block is not there twice.
    private static void AssertTwoAreApart(RegionPool pool, int length)
    {
        using Lease first = pool.Rent(length);
        using Lease second = pool.Rent(length);
        Assert.NotEqual(Rentals.AddressOf(first), Rentals.AddressOf(second));
    }
}
