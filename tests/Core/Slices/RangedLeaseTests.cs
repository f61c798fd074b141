using System.Buffers;
using System.Runtime.InteropServices;

namespace FastBuffers.Tests.Slices;

public sealed class RangedLeaseTests
{
    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public unsafe void All_ways_to_the_bytes_lead_to_its_own_part(HoldKind kind)
    {
        using Region region = Region.Allocate(16);
        using Lease lease = region.Slice(5, 4).Take(kind);
        using LeaseScope scope = lease.Open();
        using MemoryHandle pin = lease.Pin();
        using MemoryHandle memoryPin = lease.ReadOnlyMemory[1..].Pin();

        Assert.Equal((5, 4, kind, region), (lease.Start, lease.Length, lease.Kind, lease.Region));
        Assert.Equal($"{kind} lease of [5, 9) of 16 bytes", lease.ToString());
        Assert.Equal((4, 4, 4), (lease.ReadOnlySpan.Length, lease.ReadOnlyMemory.Length, scope.ReadOnlySpan.Length));
        Assert.True((byte*)pin.Pointer == region.Address + 5);
        Assert.True((byte*)memoryPin.Pointer == region.Address + 6);
        Assert.True(lease.ReadOnlySpan == new ReadOnlySpan<byte>(pin.Pointer, 4));
        Assert.True(lease.ReadOnlySpan == lease.ReadOnlyMemory.Span);
        Assert.True(lease.ReadOnlySpan == scope.ReadOnlySpan);
        if (kind is HoldKind.Write or HoldKind.Exclusive)
        {
            lease.Span.Fill(1);
            lease.Memory.Span[^1] = 2;
            scope.Span[0] = 3;
            Assert.Equal([0, 3, 1, 1, 2, 0], new ReadOnlySpan<byte>(region.Address + 4, 6).ToArray());
        }
        else
        {
            Assert.Throws<BufferException>(() => lease.Memory);
        }
    }

    [Fact]
    public unsafe void A_pin_of_a_part_of_an_array_points_into_the_array()
    {
        byte[] array = [0, 1, 2, 3, 4, 5, 6, 7];
        using Lease lease = Region.Wrap(array).Slice(3, 2).Take(HoldKind.Write);
        using MemoryHandle pin = lease.Pin();

        Assert.Equal([3, 4], new ReadOnlySpan<byte>(pin.Pointer, 2).ToArray());
        Assert.True(pin.Pointer == (void*)Marshal.UnsafeAddrOfPinnedArrayElement(array, 3));
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void Once_released_every_way_to_the_bytes_throws_also_when_they_are_held_again(HoldKind kind)
    {
        using Region region = Region.Allocate(16);
        Lease lease = region.Slice(5, 4).Take(kind);
        ReadOnlyMemory<byte> memory = lease.ReadOnlyMemory;
        lease.Dispose();
        using Lease later = region.Slice(5, 4).Take(kind);
        _ = later.ReadOnlyMemory;

        Assert.True(lease.IsReleased && lease != later);
        Assert.Equal($"{kind} lease, released", lease.ToString());
        Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => memory.Pin());
        Assert.Throws<ObjectDisposedException>(() => lease.Start);
        Assert.Throws<ObjectDisposedException>(() => lease.Length);
        Assert.Throws<ObjectDisposedException>(() => lease.ReadOnlySpan.Length);
        Assert.Throws<ObjectDisposedException>(() => lease.ReadOnlyMemory);
        Assert.Throws<ObjectDisposedException>(() => lease.Memory);
        Assert.Throws<ObjectDisposedException>(() => lease.Open().Dispose());
        Assert.Throws<ObjectDisposedException>(() => lease.Pin());
        Assert.Throws<ObjectDisposedException>(() => lease.Share(0, 1));
        Assert.Throws<ObjectDisposedException>(() => lease.Split(1));
        Assert.Throws<ObjectDisposedException>(() => Lease.TryJoin(lease, later, out _));
        Assert.Throws<ObjectDisposedException>(() => Lease.TryJoin(later, lease, out _));
        lease.Dispose();
        Assert.Equal(1, region.Snapshot().Total);
    }

    [Fact]
    public void A_default_lease_is_neither_shared_nor_split_nor_joined()
    {
        Assert.Throws<ObjectDisposedException>(() => default(Lease).Share(0, 0));
        Assert.Throws<ObjectDisposedException>(() => default(Lease).Share(-1, 7, HoldKind.Read));
        Assert.Throws<ObjectDisposedException>(() => default(Lease).Split(0));
        Assert.Throws<ObjectDisposedException>(() => Lease.TryJoin(default, default, out _));
    }

    [Theory]
    [MemberData(nameof(Kinds.Downgrades), MemberType = typeof(Kinds))]
    public void A_downgrade_lets_others_in_on_its_own_part_only(HoldKind from, HoldKind to)
    {
        using Region region = Region.Allocate(16);
        using Lease beside = region.Slice(0, 4).Take(HoldKind.Exclusive);
        Lease lease = region.Slice(4, 4).Take(from);

        using Lease weaker = lease.Downgrade(to);

        Assert.Equal((true, to, 4, 4), (lease.IsReleased, weaker.Kind, weaker.Start, weaker.Length));
        foreach (HoldKind kind in Kinds.All)
        {
            Assert.Equal(!Kinds.Conflict(to, kind), Try(region.Slice(7, 2), kind));
            Assert.False(Try(region.Slice(3, 2), kind));
            Assert.True(Try(region.Slice(8, 8), kind));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds.Upgrades), MemberType = typeof(Kinds))]
    public void An_upgrade_yields_to_those_who_share_a_byte_and_to_nobody_else(HoldKind from, HoldKind to)
    {
        foreach (HoldKind other in Kinds.All.Where(kind => !Kinds.Conflict(kind, from)))
        {
            foreach (int start in new[] { 3, 4, 7, 8 })
            {
                using Region region = Region.Allocate(16);
                Lease lease = region.Slice(4, 4).Take(from);
                using Lease holder = region.Slice(start, 1).Take(other);
                bool refused = start is 4 or 7 && Kinds.Conflict(other, to);

                Assert.Equal(!refused, lease.TryUpgrade(to, out Lease stronger));

                Assert.Equal((refused, !refused), (stronger == default, lease.IsReleased));
                Assert.Equal((to, 4, 4), refused ? (to, lease.Start, lease.Length) : (stronger.Kind, stronger.Start, stronger.Length));
                lease.Dispose();
                stronger.Dispose();
            }
        }
    }

    [Fact]
    public void A_whole_region_hold_refuses_the_upgrade_of_a_part()
    {
        using Region region = Region.Allocate(16);
        using Lease part = region.Slice(4, 4).Take(HoldKind.Read);
        using (region.Take(HoldKind.Immutable))
        {
            Assert.False(part.TryUpgrade(HoldKind.Write, out _));
            Assert.False(part.TryUpgrade(HoldKind.Exclusive, out _));
        }

        Assert.True(part.TryUpgrade(HoldKind.Exclusive, out Lease exclusive));
        exclusive.Dispose();
    }

    [Fact]
    public void A_part_is_neither_frozen_nor_resized_through()
    {
        using Region region = Region.Allocate(16);
        using Lease part = region.Slice(0, 15).Take(HoldKind.Exclusive);
        using Lease nothing = region.Slice(0, 0).Take(HoldKind.Exclusive);

        foreach (Lease lease in new[] { part, nothing })
        {
            Assert.Throws<BufferException>(() => lease.Freeze());
            Assert.Throws<BufferException>(() => lease.Resize(8));
            Assert.False(lease.IsReleased);
        }
    }

    private static bool Try(RegionSlice slice, HoldKind kind)
    {
        bool taken = slice.TryTake(kind, out Lease lease);
        lease.Dispose();
        return taken;
    }
}
