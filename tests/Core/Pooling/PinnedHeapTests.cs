using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers.Tests.Pooling;

/// <summary>Pools whose blocks are arrays, and what becomes of an array that somebody got.</summary>
public sealed class PinnedHeapTests : IDisposable
{
    private readonly RegionPool _pool = new(new RegionPoolOptions { Backing = PoolBacking.PinnedHeap });

    public void Dispose() => _pool.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(40_000)]
    [InlineData((5 << 20) + 1)]
    public void The_array_behind_a_rental_is_got_and_counted(int length)
    {
        using Lease lease = _pool.Rent(length);
        lease.Span.Fill(7);
        ArraySegment<byte> segment = ArrayOf(lease);
        Assert.Equal((0, length), (segment.Offset, segment.Count));
        Assert.True(Unsafe.AreSame(ref MemoryMarshal.GetReference(lease.Span), ref segment.Array![0]));
        Assert.Equal(-1, segment.AsSpan().IndexOfAnyExcept((byte)7));
        Assert.Equal(1, _pool.Statistics.ArrayEscapes);
        Assert.True(MemoryMarshal.TryGetMemoryManager<byte, MemoryManager<byte>>(lease.Memory, out _, out _, out _));
    }

    [Fact]
    public void The_segment_is_that_of_the_lease_and_of_the_slice()
    {
        Lease lease = _pool.Rent(100);
        (Lease left, Lease right) = lease.Split(30);
        Assert.Equal((0, 30), Bounds(ArrayOf(left)));
        Assert.Equal((30, 70), Bounds(ArrayOf(right)));
        Assert.True(MemoryMarshal.TryGetArray<byte>(right.Memory[10..15], out ArraySegment<byte> part));
        Assert.Equal((40, 5), Bounds(part));
        right = right.Downgrade(HoldKind.Immutable);
        Assert.Equal((30, 70), Bounds(ArrayOf(right)));
        using Lease share = right.Share(1, 2);
        Assert.Equal((31, 2), Bounds(ArrayOf(share)));
        left.Dispose();
        right.Dispose();
    }

    [Fact]
    public void Native_memory_has_no_array()
    {
        using var pool = new RegionPool();
        using Lease lease = pool.Rent(100);
        Assert.False(MemoryMarshal.TryGetArray<byte>(lease.Memory, out _));
        Assert.Equal(0, pool.Statistics.ArrayEscapes);
    }

    [Fact]
    public void Wrapping_the_array_gives_the_region_of_the_rental()
    {
        Lease lease = _pool.Rent(100);
        ArraySegment<byte> segment = ArrayOf(lease);
        Region region = Region.Wrap(segment.Array!);
        Assert.Same(lease.Region, region);
        Assert.Equal(100, region.Length);
        Assert.False(region.TryTake(HoldKind.Read, out _));
        Assert.Same(region, Region.Wrap(ArrayOf(lease).Array!));

        lease = lease.Downgrade(HoldKind.Immutable);
        Assert.True(BufferExporter.From(segment.AsMemory(10, 20)).TryTake(HoldKind.Immutable, out Lease part));
        Assert.Equal((10, 20), (part.Start, part.Length));
        lease.Dispose();
        Assert.Same(region, Region.Wrap(segment.Array!));
        part.Dispose();
        Assert.Throws<BufferException>(() => Region.Wrap(segment.Array!));
    }

    [Fact]
    public void An_array_of_an_ended_rental_has_no_region_until_it_is_got_again()
    {
        Lease lease = _pool.Rent(100);
        Region region = lease.Region;
        byte[] array = ArrayOf(lease).Array!;
        Memory<byte> memory = lease.Memory;
        lease.Dispose();
        Assert.Throws<BufferException>(() => Region.Wrap(array));
        Assert.Throws<ObjectDisposedException>(() => MemoryMarshal.TryGetArray<byte>(memory, out _));

        using Lease next = _pool.Rent(100);
        Assert.Throws<BufferException>(() => Region.Wrap(array));
        Assert.Throws<BufferException>(() => Region.Wrap(ImmutableCollectionsMarshal.AsImmutableArray(array)));
        Assert.Same(array, ArrayOf(next).Array);
        Assert.Same(next.Region, Region.Wrap(array));
        Assert.NotSame(region, next.Region);
    }

    [Fact]
    public void An_owner_of_the_array_is_refused()
    {
        Lease lease = _pool.Rent(64);
        byte[] array = ArrayOf(lease).Array!;
        Assert.Equal(64, array.Length);
        using var owner = new ArrayOwner(array);
        Assert.Throws<BufferException>(() => Region.Wrap(owner));
        lease.Dispose();
        Assert.Throws<BufferException>(() => Region.Wrap(owner));
    }

    [Fact]
    public void Freezing_through_the_array_lasts_as_long_as_the_rental()
    {
        Lease lease = _pool.Rent(64).Downgrade(HoldKind.Read);
        byte[] array = ArrayOf(lease).Array!;
        Region region = Region.Wrap(ImmutableCollectionsMarshal.AsImmutableArray(array));
        Assert.True(region.Snapshot().IsFrozen);
        lease.Dispose();
        using Lease next = _pool.Rent(64);
        Assert.Same(array, ArrayOf(next).Array);
        Assert.Equal(ConflictTable.AllKinds, next.Capabilities);
    }

    [Fact]
    public void A_resize_to_another_array_takes_the_region_there()
    {
        Lease lease = _pool.Rent(64);
        lease.Span.Fill(3);
        byte[] array = ArrayOf(lease).Array!;
        Region region = lease.Region;
        lease = lease.Resize(10_000);
        Assert.Equal(64, lease.Span.IndexOfAnyExcept((byte)3));
        Assert.Throws<BufferException>(() => Region.Wrap(array));
        byte[] longer = ArrayOf(lease).Array!;
        Assert.NotSame(array, longer);
        Assert.Same(region, Region.Wrap(longer));
        lease.Dispose();
    }

    [Fact]
    public void Trimming_drops_the_arrays()
    {
        WeakReference[] arrays = RentAndReturn();
        Assert.InRange(_pool.Statistics.CachedBytes, 1, long.MaxValue);
        Assert.InRange(_pool.Trim(), 1, long.MaxValue);
        Assert.Equal(0, _pool.Statistics.ReservedBytes);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.All(arrays, array => Assert.False(array.IsAlive));
    }

    [Fact]
    public void The_budget_holds_and_clearing_clears()
    {
        using var pool = new RegionPool(
            new RegionPoolOptions { Backing = PoolBacking.PinnedHeap, MaxBytes = 128, Clear = PoolClearing.OnReturn });
        Lease lease = pool.Rent(128);
        byte[] array = ArrayOf(lease).Array!;
        lease.Span.Fill(1);
        Assert.False(pool.TryRent(1, out _));
        lease.Dispose();
        Assert.Equal(-1, array.AsSpan().IndexOfAnyExcept((byte)0));
        using Lease next = pool.Rent(64);
        Assert.InRange(pool.Statistics.ReservedBytes, 64, 128);
    }

    [Fact]
    public void Whatever_threads_do_an_array_has_the_region_of_its_rental()
    {
        Parallel.For(0, 4, seed =>
        {
            var random = new Random(seed);
            for (int i = 0; i < 2000; i++)
            {
                Lease lease = _pool.Rent(random.Next(1, 5000));
                lease.Span.Fill((byte)seed);
                if (random.Next(2) == 0)
                {
                    ArraySegment<byte> segment = ArrayOf(lease);
                    Assert.Same(lease.Region, Region.Wrap(segment.Array!));
                    Assert.Equal(-1, segment.AsSpan().IndexOfAnyExcept((byte)seed));
                }

                lease.Dispose();
            }
        });
        RegionPoolStatistics statistics = _pool.Statistics;
        Assert.Equal((8000, 8000, 0), (statistics.Rents, statistics.Returns, statistics.RentedBytes));
    }

    private static ArraySegment<byte> ArrayOf(Lease lease)
    {
        Assert.True(MemoryMarshal.TryGetArray(lease.ReadOnlyMemory, out ArraySegment<byte> segment));
        return segment;
    }

    private static (int Offset, int Count) Bounds(ArraySegment<byte> segment) => (segment.Offset, segment.Count);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference[] RentAndReturn()
    {
        Lease[] leases = [_pool.Rent(100), _pool.Rent(100_000), _pool.Rent(5 << 20)];
        WeakReference[] arrays = [.. leases.Select(lease => new WeakReference(ArrayOf(lease).Array))];
        Array.ForEach(leases, lease => lease.Dispose());
        return arrays;
    }

    private sealed class ArrayOwner(byte[] array) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => array;

        public void Dispose()
        {
        }
    }
}
