using System.Buffers;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Pooling;

/// <summary>What was taken from a rental throws when it has ended, also when the block has been rented out again.</summary>
public sealed class StaleRentalTests
{
    public static TheoryData<int, bool> Cases
    {
        get
        {
            var data = new TheoryData<int, bool>();
            foreach (int length in (int[])[100, 4096, 100_000, 5_000_000])
            {
                data.Add(length, false);
                data.Add(length, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void All_of_it_throws(int length, bool reused)
    {
        using var pool = new RegionPool();
        Lease lease = pool.Rent(length);
        nint address = Rentals.AddressOf(lease);
        Memory<byte> memory = lease.Memory;
        ReadOnlyMemory<byte> read = lease.ReadOnlyMemory;
        lease.Dispose();
        Lease next = reused ? pool.Rent(length - 1) : default;
        Assert.True(!reused || length > SizeClasses.MaxLength || Rentals.AddressOf(next) == address);

        Throws(() => lease.Span.Length);
        Throws(() => lease.ReadOnlySpan.Length);
        Throws(() => lease.Length);
        Throws(() => lease.Start);
        Throws(() => lease.Region);
        Throws(() => lease.Memory);
        Throws(() => lease.ReadOnlyMemory);
        Throws(() => lease.Share());
        Throws(() => lease.Share(0, 0));
        Throws(() => lease.Downgrade(HoldKind.Read));
        Throws(() => lease.Split(1));
        Throws(() => lease.Freeze());
        Throws(() => lease.Resize(10));
        Throws(() => lease.TryTake(HoldKind.Read, out _));
        Throws(() => lease.Pin());
        Throws(() => lease.ToArray());
        Throws(() => memory.Span.Length);
        Throws(() => read.Span.Length);
        Throws(() => memory.Pin());
        Throws(() => BufferExporter.From(memory).TryTake(HoldKind.Read, out _));
        Assert.Equal((true, HoldKind.Exclusive), (lease.IsReleased, lease.Kind));

        if (reused)
        {
            Assert.Equal(length - 1, next.Length);
            Assert.NotEqual(lease, next);
            next.Dispose();
        }

        Assert.Equal(0, pool.Statistics.RentedBytes);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Regions_and_slices_of_a_rental_are_dead_for_ever_after_it(int length, bool reused)
    {
        using var pool = new RegionPool();
        Lease lease = pool.Rent(length);
        nint address = Rentals.AddressOf(lease);
        Region region = lease.Region;
        Assert.Same(region, lease.Region);
        RegionSlice slice = region.Slice(10, 20);
        lease.Dispose();
        Lease next = reused ? pool.Rent(length).Downgrade(HoldKind.Write) : default;
        Assert.True(!reused || length > SizeClasses.MaxLength || Rentals.AddressOf(next) == address);

        Throws(() => region.Take(HoldKind.Read));
        Throws(() => region.TryTake(HoldKind.Write, out _));
        Throws(() => Scoped.Try(region, HoldKind.Exclusive));
        Throws(() => region.TryAppend(out _));
        Throws(() => region.TryFree());
        Throws(() => { region.Resize(5); return 0; });
        Throws(() => slice.Take(HoldKind.Read));
        Throws(() => slice.TryTake(HoldKind.Exclusive, out _));
        region.Dispose();

        Assert.True(!reused || !ReferenceEquals(next.Region, region));
        Assert.True(!reused || !next.IsReleased);
        next.Dispose();
        Assert.Equal(0, pool.Statistics.RentedBytes);
    }

    [Fact]
    public void A_Memory_of_one_rental_is_not_the_Memory_of_the_next()
    {
        using var pool = new RegionPool();
        List<Memory<byte>> stale = [];
        for (int i = 0; i < 10; i++)
        {
            using Lease lease = pool.Rent(100);
            Memory<byte> memory = lease.Memory;
            memory.Span.Fill((byte)i);
            Assert.Equal(memory, lease.Memory);
            Assert.All(stale, static old => Throws(() => old.Span.Length));
            stale.Add(memory);
        }
    }

    [Fact]
    public void A_pin_outlives_the_lease_and_ends_once()
    {
        using var pool = new RegionPool();
        Lease lease = pool.Rent(100);
        MemoryHandle pin = lease.Pin();
        MemoryHandle copy = pin;
        lease.Dispose();
        pin.Dispose();
        using Lease next = pool.Rent(100);
        MemoryHandle second = next.Pin();
        copy.Dispose();
        next.Dispose();

        Assert.Equal(128, pool.Statistics.RentedBytes);
        second.Dispose();
        Assert.Equal(0, pool.Statistics.RentedBytes);
    }

    private static void Throws<T>(Func<T> action) => Assert.Throws<ObjectDisposedException>(() => { action(); });
}
