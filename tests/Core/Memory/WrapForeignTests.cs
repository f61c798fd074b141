using System.Buffers;
using System.Runtime.InteropServices;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Memory;

public sealed class WrapForeignTests
{
    [Fact]
    public unsafe void A_null_pointer_is_legal_for_no_bytes_only()
    {
        Assert.Throws<ArgumentNullException>(static () => Region.Wrap(null, 1, HoldCapabilities.Unknown));
        using Region region = Region.Wrap(null, 0, HoldCapabilities.Unknown);
        region.HoldRead().Dispose();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public unsafe void A_length_that_no_region_has_is_an_argument_error(int length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Region.Wrap((void*)8, length, HoldCapabilities.Unknown));

    [Theory]
    [InlineData(0x10)]
    [InlineData(0x7F)]
    [InlineData(0xFF)]
    public unsafe void Unknown_capability_bits_are_an_argument_error(byte declared) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Region.Wrap((void*)8, 8, (HoldCapabilities)declared));

    [Fact]
    public void A_native_owner_is_pinned_and_disposed_exactly_once_with_its_region()
    {
        var owner = new ForeignMemory(16);
        Region region = Region.Wrap((IMemoryOwner<byte>)owner);
        Assert.Equal((16, ConflictTable.AllKinds, 1), (region.Length, region.Capabilities, owner.Pins));
        Lease lease = region.Take(HoldKind.Exclusive);
        lease.Span.Fill(3);
        Assert.Equal(3, owner.GetSpan()[15]);

        region.Dispose();
        Assert.Equal(0, owner.Freed);
        lease.Dispose();

        Assert.Equal((1, 0), (owner.Freed, owner.Pins));
        region.Dispose();
        Assert.Equal(1, owner.Freed);
    }

    [Fact]
    public void A_pooled_owner_shares_the_region_of_its_array_until_it_is_freed()
    {
        IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(100);
        Assert.True(MemoryMarshal.TryGetArray<byte>(owner.Memory, out ArraySegment<byte> segment));
        Region region = Region.Wrap(owner);

        Assert.Same(region, Region.Wrap(segment.Array!));
        using (region.Take(HoldKind.Exclusive))
        {
            Assert.False(Region.Wrap(segment.Array!).TryTake(HoldKind.Read, out _));
        }

        Assert.True(region.TryFree());
        Assert.NotSame(region, Region.Wrap(segment.Array!));
        Assert.Throws<ObjectDisposedException>(() => owner.Memory);
    }

    [Fact]
    public void An_owner_whose_array_is_in_use_is_refused_and_stays_the_callers()
    {
        IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(100);
        Assert.True(MemoryMarshal.TryGetArray<byte>(owner.Memory, out ArraySegment<byte> segment));
        Region region = Region.Wrap(segment.Array!);
        using (region.Take(HoldKind.Read))
        {
            Assert.Throws<BufferException>(() => Region.Wrap(owner));
        }

        Assert.False(owner.Memory.IsEmpty);
        Region.Wrap(owner).Dispose();
    }

    [Fact]
    public void No_owner_is_an_argument_error() => Assert.Throws<ArgumentNullException>(static () => Region.Wrap((IMemoryOwner<byte>)null!));
}
