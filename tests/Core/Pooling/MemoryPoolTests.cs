using System.Buffers;
using System.Runtime.InteropServices;

namespace FastBuffers.Tests.Pooling;

[Collection(ProcessWide.Name)]
public sealed class MemoryPoolTests
{
    [Fact]
    public void There_is_one_object_per_pool_whose_Dispose_does_nothing()
    {
        using var pool = new RegionPool();
        MemoryPool<byte> memoryPool = pool.AsMemoryPool();
        memoryPool.Dispose();

        Assert.Same(memoryPool, pool.AsMemoryPool());
        Assert.NotSame(memoryPool, RegionPool.Shared.AsMemoryPool());
        Assert.Equal(Array.MaxLength, memoryPool.MaxBufferSize);
        using IMemoryOwner<byte> owner = memoryPool.Rent(10);
        Assert.Equal(10, owner.Memory.Length);
    }

    [Fact]
    public void An_owner_of_nothing_is_disposed_of_as_any_other()
    {
        using var pool = new RegionPool();
        pool.Rent(1).Dispose();
        IMemoryOwner<byte> owner = pool.AsMemoryPool().Rent(0);
        Assert.Equal(0, owner.Memory.Length);

        owner.Dispose();
        owner.Dispose();

        Assert.Throws<ObjectDisposedException>(() => owner.Memory);
    }

    [Theory]
    [InlineData(-1, 4096)]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(100, 100)]
    [InlineData(4097, 4097)]
    [InlineData(5_000_000, 5_000_000)]
    public void What_is_rented_is_exactly_as_long_as_was_asked_for_and_keeps_what_is_written(int asked, int length)
    {
        using var pool = new RegionPool();
        using (IMemoryOwner<byte> owner = pool.AsMemoryPool().Rent(asked))
        {
            Assert.Equal(length, owner.Memory.Length);
            Assert.Equal(length, owner.Memory.Span.Length);
            owner.Memory.Span.Fill(7);
            Assert.False(owner.Memory.Span.ContainsAnyExcept((byte)7));
        }

        Assert.Equal(0, pool.Statistics.RentedBytes);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void What_is_no_length_is_refused(int asked)
    {
        using var pool = new RegionPool();

        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => pool.AsMemoryPool().Rent(asked));

        Assert.Equal("minBufferSize", error.ParamName);
    }

    [Fact]
    public void A_rent_beyond_the_limit_or_from_a_pool_that_has_ended_is_refused()
    {
        using var pool = new RegionPool(new RegionPoolOptions { MaxBytes = 4096 });
        MemoryPool<byte> memoryPool = pool.AsMemoryPool();
        Assert.Throws<PoolExhaustedException>(() => memoryPool.Rent(4097));
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memoryPool.Rent(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(5_000_000)]
    public void A_stale_Memory_throws_also_when_its_bytes_have_been_rented_out_again(int length)
    {
        using var pool = new RegionPool();
        IMemoryOwner<byte> owner = pool.AsMemoryPool().Rent(length);
        Memory<byte> memory = owner.Memory;
        owner.Dispose();

        for (int i = 0; i < 3; i++)
        {
            using IMemoryOwner<byte> later = pool.AsMemoryPool().Rent(length);
            Assert.NotSame(owner, later);
            Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
            Assert.Throws<ObjectDisposedException>(() => memory.Pin());
            Assert.Throws<ObjectDisposedException>(() => owner.Memory);
            Assert.Equal(length, later.Memory.Span.Length);
        }
    }

    [Fact]
    public void A_second_Dispose_changes_nothing_and_is_counted()
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool();
        IMemoryOwner<byte> owner = pool.AsMemoryPool().Rent(100);
        owner.Dispose();
        using IMemoryOwner<byte> later = pool.AsMemoryPool().Rent(100);

        owner.Dispose();
        ((IDisposable)owner).Dispose();

        Assert.Equal(100, later.Memory.Span.Length);
        Assert.Equal((2, 1), (pool.Statistics.DoubleReturns, pool.Statistics.Returns));
        Assert.Equal(2, watch.DoubleReleases);
    }

    [Fact]
    public unsafe void A_pin_keeps_the_bytes_until_it_is_undone()
    {
        using var pool = new RegionPool();
        IMemoryOwner<byte> owner = pool.AsMemoryPool().Rent(100);
        owner.Memory.Span[3] = 9;
        MemoryHandle pin = owner.Memory[3..].Pin();
        owner.Dispose();

        using (IMemoryOwner<byte> other = pool.AsMemoryPool().Rent(100))
        {
            other.Memory.Span.Clear();
            Assert.Equal(9, *(byte*)pin.Pointer);
            Assert.Equal(1, pool.Statistics.Rents - pool.Statistics.Returns - 1);
        }

        pin.Dispose();
        pin.Dispose();
        Assert.Equal(0, pool.Statistics.RentedBytes);
    }

    [Fact]
    public void An_owner_that_is_dropped_is_found_as_a_leak_and_its_bytes_come_back()
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool();
        Race.Run(() => pool.AsMemoryPool().Rent(70_011));

        Assert.True(DiagnosticsWatch.CollectUntil(() => pool.Statistics.RentedBytes == 0));

        Assert.Equal(1, pool.Statistics.Leaks);
        Assert.Single(watch.Leaked, static report => report.ByteLength == 70_011);
    }

    [Fact]
    public void An_owner_takes_48_bytes_and_nothing_else_is_allocated()
    {
        using var pool = new RegionPool();
        MemoryPool<byte> memoryPool = pool.AsMemoryPool();
        const int Turns = 1_000;
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Turns; i++)
            {
                using IMemoryOwner<byte> owner = memoryPool.Rent(4096);
                owner.Memory.Span[4095] = 1;
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.InRange(least, 0, 48 * Turns);
    }

    [Fact]
    public void An_exporter_of_its_Memory_sees_that_the_owner_has_it_alone()
    {
        using var pool = new RegionPool();
        using IMemoryOwner<byte> owner = pool.AsMemoryPool().Rent(100);
        IBufferExporter part = BufferExporter.From(owner.Memory[10..30]);

        Assert.Equal(20, part.Length);
        Assert.False(part.TryTake(HoldKind.Read, out _));
        owner.Dispose();
        Assert.Throws<ObjectDisposedException>(() => part.TryTake(HoldKind.Read, out _));
    }

    [Fact]
    public void A_region_that_wraps_the_owner_is_what_an_exporter_of_its_Memory_takes_holds_on()
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool();
        IMemoryOwner<byte> owner = pool.AsMemoryPool().Rent(100);
        Memory<byte> memory = owner.Memory;
        IBufferExporter early = BufferExporter.From(memory);
        Region region = Region.Wrap(owner);

        Assert.Same(region, Region.Wrap(owner));
        using (Lease held = region.Take(HoldKind.Exclusive))
        {
            held.Span[99] = 5;
            Assert.False(BufferExporter.From(memory).TryTake(HoldKind.Read, out _));
            Assert.False(BufferExporter.From(memory[99..]).TryTake(HoldKind.Write, out _));
            Assert.False(early.TryTake(HoldKind.Read, out _));
        }

        Assert.True(BufferExporter.From(memory[99..]).TryTake(HoldKind.Immutable, out Lease last));
        Assert.Same(region, last.Region);
        Assert.Equal(5, last.ReadOnlySpan[0]);
        Assert.False(early.TryTake(HoldKind.Read, out _));
        last.Dispose();

        region.Dispose();
        Assert.Equal(0, pool.Statistics.RentedBytes);
        Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
        Assert.Equal(0, watch.DoubleReleases);
    }

    [Fact]
    public void An_owner_that_is_disposed_under_the_region_that_wraps_it_keeps_its_bytes_until_that_is_freed()
    {
        using var pool = new RegionPool();
        IMemoryOwner<byte> owner = pool.AsMemoryPool().Rent(100);
        using (Region region = Region.Wrap(owner))
        {
            owner.Dispose();
            using ExclusiveHold hold = region.HoldExclusive();
            hold.Span.Fill(1);
            Assert.NotEqual(0, pool.Statistics.RentedBytes);
        }

        Assert.Equal(0, pool.Statistics.RentedBytes);
    }

    [Fact]
    public void Its_memory_is_not_an_array()
    {
        using var pool = new RegionPool();
        using IMemoryOwner<byte> owner = pool.AsMemoryPool().Rent(100);

        Assert.False(MemoryMarshal.TryGetArray<byte>(owner.Memory, out _));
    }
}
