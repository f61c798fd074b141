using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Pooling;

public sealed class RentTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(0x7FFF_FFFF)]
    [InlineData(0x7FFF_FFC8)]
    public void A_length_out_of_range_is_refused_before_anything_else(int length)
    {
        Assert.True(length < 0 || length > Array.MaxLength);
        var pool = new RegionPool();
        for (int turn = 0; turn < 2; turn++)
        {
            Assert.Throws<ArgumentOutOfRangeException>(nameof(length), () => pool.Rent(length));
            Assert.Throws<ArgumentOutOfRangeException>(nameof(length), () => pool.Rent(length, sensitive: true));
            Assert.Throws<ArgumentOutOfRangeException>(nameof(length), () => pool.TryRent(length, out _));
            Assert.Throws<ArgumentOutOfRangeException>(nameof(length), () => { pool.RentAsync(length); });
            Assert.Equal(0, pool.Budget.Peak);
            pool.Dispose();
        }
    }

    [Fact]
    public void A_rental_of_nothing_is_a_lease_too()
    {
        using var pool = new RegionPool(new() { MaxBytes = 1 });
        Lease lease = pool.Rent(0);
        Assert.Equal((0, HoldKind.Exclusive, false), (lease.Length, lease.Kind, lease.IsReleased));
        Assert.True(lease.Span.IsEmpty);
        Assert.True(pool.TryRent(0, out Lease other));
        other.Dispose();
        Memory<byte> memory = lease.Memory;
        lease.Dispose();

        Assert.True(lease.IsReleased);
        Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
        Assert.Equal(0, pool.Statistics.ReservedBytes);
        pool.Rent(0, sensitive: true).Dispose();
    }

    [Theory]
    [InlineData((4 << 20) + 1)]
    [InlineData((64 << 20) + 5)]
    public void What_is_longer_than_all_classes_is_the_systems_again_when_it_is_returned(int length)
    {
        using var pool = new RegionPool();
        Lease lease = pool.Rent(length);
        Assert.Equal(length, lease.Length);
        lease.Span[0] = lease.Span[^1] = 1;
        Assert.InRange(pool.Statistics.RentedBytes, length, length + 4096);
        Assert.InRange(pool.Memory.MappedBytes, length, long.MaxValue);

        lease.Dispose();

        Assert.Equal(0, pool.Statistics.ReservedBytes);
        Assert.Equal(0, pool.Memory.MappedBytes);
    }

    [Fact]
    public void The_longest_rental_there_can_be()
    {
        using var pool = new RegionPool();
        using Lease lease = pool.Rent(Array.MaxLength);
        Assert.Equal(Array.MaxLength, lease.Span.Length);
        lease.Span[^1] = 1;
    }

    [Fact]
    public void A_block_that_was_returned_is_the_next_one_rented()
    {
        using var pool = new RegionPool();
        Lease first = pool.Rent(100);
        nint address = Rentals.AddressOf(first);
        first.Dispose();
        for (int i = 0; i < 10; i++)
        {
            using Lease next = pool.Rent(65 + i);
            Assert.Equal((65 + i, address), (next.Length, Rentals.AddressOf(next)));
        }

        Assert.Equal((11L, 11L, 1L), (pool.Statistics.Rents, pool.Statistics.Returns, pool.Statistics.Misses));
        Assert.Equal(0, pool.Statistics.RentedBytes);
        Assert.Equal(128, pool.Statistics.CachedBytes);
    }

    [Fact]
    public void Renting_and_returning_allocate_nothing_in_steady_state()
    {
        // The clock stands still, so that the first recorded stack is the only one.
        using var pool = new RegionPool(new() { TimeProvider = new ManualTime() });
        Assert.Equal(0, AllocatedBy(() => pool.Rent(4096).Dispose()));
        Assert.Equal(0, AllocatedBy(() => pool.Rent(100_000).Dispose()));
        Assert.Equal(0, AllocatedBy(() =>
        {
            Lease lease = pool.Rent(4096).Downgrade(HoldKind.Immutable);
            Lease share = lease.Share();
            Lease part = lease.Share(5, 10);
            lease.Dispose();
            part.Dispose();
            share.Dispose();
        }));
        Assert.Equal(0, AllocatedBy(() =>
        {
            (Lease left, Lease right) = pool.Rent(4096).Split(5);
            left.Dispose();
            right.Dispose();
        }));
        Assert.Equal(0, AllocatedBy(() => pool.Rent(4096, sensitive: true).Dispose()));

        static long AllocatedBy(Action action)
        {
            for (int i = 0; i < 1000; i++)
            {
                action();
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                action();
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Pools_that_a_thread_uses_in_turn_keep_their_blocks_apart()
    {
        RegionPool[] pools = [.. Enumerable.Range(0, 5).Select(static _ => new RegionPool())];
        var addresses = new nint[pools.Length];
        for (int turn = 0; turn < 20; turn++)
        {
            int at = turn * 3 % pools.Length;
            Lease lease = pools[at].Rent(100);
            pools[(at + 1) % pools.Length].Rent(100).Dispose();
            Assert.True(addresses[at] == 0 || addresses[at] == Rentals.AddressOf(lease));
            addresses[at] = Rentals.AddressOf(lease);
            lease.Dispose();
        }

        Assert.All(pools, static pool => Assert.Equal((0, 128), (pool.Statistics.RentedBytes, pool.Statistics.ReservedBytes)));
        Array.ForEach(pools, static pool => pool.Dispose());
        Assert.All(pools, static pool => Assert.Equal(0, pool.Memory.MappedBytes));
    }

    [Fact]
    public void The_shared_pool_is_not_disposed()
    {
        RegionPool.Shared.Dispose();

        using Lease lease = RegionPool.Shared.Rent(100);
        Assert.Equal(100, lease.Length);
        Assert.Equal("RegionPool \"shared\"", RegionPool.Shared.ToString());
    }
}
