using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FastBuffers.Tests.Holds;

public sealed class TypedViewTests
{
    [Fact]
    public void Every_hold_shows_its_bytes_as_values()
    {
        using Region region = Region.Allocate(24);
        using (ExclusiveHold hold = region.HoldExclusive())
        {
            hold.As<long>()[2] = 0x0102;
            Assert.Equal(3, hold.As<long>().Length);
        }

        using (WriteHold hold = region.HoldWrite())
        {
            hold.As<int>()[5] = 7;
        }

        long expected = 0x0102 + (7L << 32);
        using (ReadHold hold = region.HoldRead())
        {
            Assert.Equal(expected, hold.As<long>()[2]);
        }

        using (ImmutableHold hold = region.HoldImmutable())
        {
            Assert.Equal(expected, hold.As<long>()[2]);
        }

        using Lease lease = region.Take(HoldKind.Write);
        lease.As<short>()[0] = 5;
        using LeaseScope scope = lease.Open();
        scope.As<byte>()[1] = 1;
        Assert.Equal(261, scope.AsReadOnly<short>()[0]);
        Assert.Equal(261, lease.AsReadOnly<short>()[0]);
    }

    [Fact]
    public void Read_only_leases_give_read_only_values()
    {
        using Region region = Region.Allocate(8);
        using Lease lease = region.Take(HoldKind.Immutable);
        using LeaseScope scope = lease.Open();
        Assert.Equal(0, lease.AsReadOnly<long>()[0] + scope.AsReadOnly<long>()[0]);

        Assert.Throws<BufferException>(() => lease.As<byte>().Length);
        Assert.Throws<BufferException>(() =>
        {
            using LeaseScope inner = lease.Open();
            return inner.As<byte>().Length;
        });
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(7, false)]
    [InlineData(12, false)]
    [InlineData(16, true)]
    public void The_length_is_a_multiple_of_the_size(int length, bool fits)
    {
        using Region region = Region.Allocate(length);
        using Lease lease = region.Take(HoldKind.Write);

        Exception? thrown = Record.Exception(() => Assert.Equal(length / 8, lease.As<long>().Length));

        Assert.Equal(fits ? null : $"{length} bytes are no whole number of System.Int64, each of which has 8.", thrown?.Message);
        Assert.True(fits || thrown is BufferException);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public unsafe void The_first_byte_is_aligned(int offset)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc(128, 64);
        using Region region = Region.Wrap(memory + offset, 96, HoldCapabilities.Unknown);
        using (region.HoldRead())
        {
            Check<byte>(region, 1);
            Check<short>(region, 2);
            Check<int>(region, 4);
            Check<double>(region, 8);
            Check<Guid>(region, 4);
            Check<decimal>(region, 8);
            Check<Vector128<byte>>(region, 16);
            Check<Packed>(region, 1);
            Check<SixBytes>(region, 4);
        }

        NativeMemory.AlignedFree(memory);

        void Check<T>(Region region, int alignment)
            where T : unmanaged
        {
            using Lease lease = region.Take(HoldKind.Read);
            Exception? thrown = Record.Exception(() => lease.AsReadOnly<T>().Length);
            if (offset % alignment == 0)
            {
                Assert.Null(thrown);
                return;
            }

            Assert.Equal($"The first byte is at address 0x{(nuint)memory + (nuint)offset:X}; {typeof(T)} needs a multiple of {alignment}.", thrown?.Message);
            Assert.IsType<BufferException>(thrown);
        }
    }

    [Fact]
    public void An_ended_hold_shows_no_values()
    {
        using Region region = Region.Allocate(8);
        Assert.Throws<ObjectDisposedException>(() => Ended(region.HoldRead()));
        Assert.Throws<ObjectDisposedException>(() => default(ExclusiveHold).As<int>().Length);
        Assert.Throws<ObjectDisposedException>(() => default(Lease).AsReadOnly<int>().Length);
        Assert.Throws<ObjectDisposedException>(() => default(LeaseScope).As<int>().Length);

        static int Ended(ReadHold hold)
        {
            hold.Dispose();
            return hold.As<int>().Length;
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Packed
    {
        public byte First;
        public short Second;
    }

    [StructLayout(LayoutKind.Sequential, Size = 6)]
    private struct SixBytes
    {
        public int Value;
    }
}
