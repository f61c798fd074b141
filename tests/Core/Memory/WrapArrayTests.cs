using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace FastBuffers.Tests.Memory;

public sealed class WrapArrayTests
{
    [Fact]
    public void An_array_has_one_region_however_it_is_wrapped()
    {
        byte[] array = new byte[8];
        Region region = Region.Wrap(array);

        Assert.Same(region, Region.Wrap(array));
        Assert.Same(region, Region.Wrap(ImmutableCollectionsMarshal.AsImmutableArray(array)));
        Assert.Equal(8, region.Length);
    }

    [Fact]
    public void Racing_wrappers_get_the_same_region()
    {
        for (int i = 0; i < 200; i++)
        {
            byte[] array = new byte[1];
            Region[] regions = new Region[2];
            Race.Run(() => regions[0] = Region.Wrap(array), () => regions[1] = Region.Wrap(array));
            Assert.Same(regions[0], regions[1]);
        }
    }

    [Fact]
    public void An_array_supports_Read_and_Write_and_its_region_sees_its_bytes()
    {
        byte[] array = [1, 2, 3];
        Region region = Region.Wrap(array);
        Assert.Equal(HoldCapabilities.Read | HoldCapabilities.Write, region.Capabilities);

        using (WriteHold hold = region.HoldWrite())
        {
            hold.Span[1] = 9;
        }

        Assert.Equal([1, 9, 3], array);
        Assert.Throws<BufferException>(() => region.TryTake(HoldKind.Immutable, out _));
        Assert.Throws<BufferException>(() => region.TryTake(HoldKind.Exclusive, out _));
    }

    [Fact]
    public void Different_assertions_about_one_array_are_an_error()
    {
        byte[] array = new byte[8];
        Region region = Region.Wrap(array, ConflictTable.AllKinds);
        Assert.Same(region, Region.Wrap(array, ConflictTable.AllKinds));
        Assert.Same(region, Region.Wrap(array));

        Assert.Throws<BufferException>(() => Region.Wrap(array, HoldCapabilities.Read));

        Assert.Throws<ArgumentOutOfRangeException>(() => Region.Wrap(array, (HoldCapabilities)0x10));
        region.Take(HoldKind.Exclusive).Dispose();
    }

    [Fact]
    public void Disposing_the_region_of_an_array_is_harmless()
    {
        byte[] array = new byte[8];
        Region region = Region.Wrap(array);
        using Lease lease = region.Take(HoldKind.Read);

        region.Dispose();
        Assert.False(region.TryFree());

        Assert.Same(region, Region.Wrap(array));
        Assert.True(region.TryTake(HoldKind.Write, out Lease other));
        other.Dispose();
    }

    [Fact]
    public void Wrapping_as_immutable_freezes_the_array()
    {
        byte[] array = [5];
        Region region = Region.Wrap(array);
        ImmutableArray<byte> immutable = ImmutableCollectionsMarshal.AsImmutableArray(array);
        using (region.Take(HoldKind.Write))
        {
            Assert.Throws<BufferConflictException>(() => Region.Wrap(immutable));
            Assert.Equal(HoldCapabilities.Read | HoldCapabilities.Write, region.Capabilities);
        }

        Region.Wrap(immutable);
        Region.Wrap(immutable);

        Assert.Equal(HoldCapabilities.Read | HoldCapabilities.Immutable, region.Capabilities);
        using Lease lease = region.Take(HoldKind.Immutable);
        Assert.Equal(5, lease.ReadOnlySpan[0]);
        Assert.Throws<BufferException>(() => region.TryTake(HoldKind.Write, out _));
    }

    [Fact]
    public void An_empty_array_is_nobodys()
    {
        byte[] array = [];

        Assert.NotSame(Region.Wrap(array), Region.Wrap(array));
        Region region = Region.Wrap(ImmutableArray<byte>.Empty);
        using Lease lease = region.Take(HoldKind.Immutable);
        Assert.Equal(0, lease.Length);
        region.Dispose();
        Region.Wrap(array).Take(HoldKind.Write).Dispose();
    }

    [Fact]
    public void What_is_no_array_is_an_argument_error()
    {
        Assert.Throws<ArgumentNullException>(static () => Region.Wrap((byte[])null!));
        Assert.Throws<ArgumentNullException>(static () => Region.Wrap(null!, HoldCapabilities.Read));
        Assert.Throws<ArgumentException>(static () => Region.Wrap(default(ImmutableArray<byte>)));
    }
}
