using System.Buffers;
using System.Runtime.InteropServices;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Leases;

public sealed class LeaseMemoryTests
{
    /// <summary>The kind, and how many hold beside: the identity is in the word, in the region's own ticket, or in another.</summary>
    public static TheoryData<HoldKind, int> KindsAndCompany =>
        [.. Kinds.All.SelectMany(static kind => Enumerable.Range(0, kind == HoldKind.Exclusive ? 1 : 3).Select(company => (kind, company)))];

    [Theory]
    [MemberData(nameof(KindsAndCompany))]
    public void There_is_one_manager_per_lease_and_a_new_one_for_each(HoldKind kind, int company)
    {
        using Region region = Region.Allocate(8);
        Lease[] others = [.. Enumerable.Range(0, company).Select(_ => region.Take(kind))];
        List<object> managers = [];
        for (int i = 0; i < 10; i++)
        {
            using Lease lease = region.Take(kind);
            object manager = Manager(lease.ReadOnlyMemory);

            Assert.Same(manager, Manager(lease.ReadOnlyMemory));
            Assert.True(kind is HoldKind.Read or HoldKind.Immutable || ReferenceEquals(manager, Manager(lease.Memory)));
            Assert.DoesNotContain(manager, managers);
            managers.Add(manager);
        }

        Assert.All(others, static other => other.Dispose());
    }

    [Theory]
    [MemberData(nameof(KindsAndCompany))]
    public void A_stale_Memory_throws_also_when_its_identity_is_used_again(HoldKind kind, int company)
    {
        using Region region = Region.Allocate(8);
        Lease[] others = [.. Enumerable.Range(0, company).Select(_ => region.Take(kind))];
        Lease lease = region.Take(kind);
        ReadOnlyMemory<byte> memory = lease.ReadOnlyMemory;
        Assert.Equal(8, memory.Span.Length);
        lease.Dispose();

        for (int i = 0; i < 10; i++)
        {
            using Lease later = region.Take(kind);
            _ = later.ReadOnlyMemory;
            Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
            Assert.Throws<ObjectDisposedException>(() => memory[1..3].Span.Length);
            Assert.Throws<ObjectDisposedException>(() => memory.Pin());
        }

        Assert.All(others, static other => other.Dispose());
        Assert.Equal(default, region.Snapshot());
    }

    [Fact]
    public void Memory_writes_to_the_region()
    {
        using Region region = Region.Allocate(8);
        using (Lease writer = region.Take(HoldKind.Exclusive))
        {
            writer.Memory.Slice(2, 3).Span.Fill(5);
        }

        using Lease reader = region.Take(HoldKind.Read);
        Assert.Equal("\0\0\x5\x5\x5\0\0\0"u8.ToArray(), reader.ReadOnlyMemory.ToArray());
    }

    [Theory]
    [MemberData(nameof(KindsAndCompany))]
    public unsafe void A_pin_keeps_the_bytes_after_the_end_of_lease_and_region(HoldKind kind, int company)
    {
        var memory = new ForeignMemory(8);
        Region region = memory.AsRegion();
        Lease[] others = [.. Enumerable.Range(0, company).Select(_ => region.Take(kind))];
        Lease lease = region.Take(kind);
        MemoryHandle direct = lease.Pin();
        MemoryHandle through = lease.ReadOnlyMemory[3..].Pin();
        Assert.Equal((nint)direct.Pointer + 3, (nint)through.Pointer);

        lease.Dispose();
        Assert.All(others, static other => other.Dispose());
        region.Dispose();

        Assert.Equal(0, memory.Freed);
        MemoryHandle copy = through;
        through.Dispose();
        copy.Dispose();
        copy.Dispose();
        Assert.Equal(0, memory.Freed);
        direct.Dispose();
        Assert.Equal(1, memory.Freed);
    }

    [Fact]
    public void A_pin_after_Dispose_of_the_region_is_allowed()
    {
        var memory = new ForeignMemory(8);
        Region region = memory.AsRegion();
        Lease lease = region.Take(HoldKind.Write);
        region.Dispose();

        MemoryHandle pin = lease.Pin();
        lease.Dispose();

        Assert.Equal(0, memory.Freed);
        pin.Dispose();
        Assert.Equal(1, memory.Freed);
    }

    [Fact]
    public unsafe void An_array_is_pinned_for_real()
    {
        byte[] array = new byte[64];
        Region region = Region.Wrap(array);
        using Lease lease = region.Take(HoldKind.Write);
        using MemoryHandle handle = lease.Pin();
        byte* address = (byte*)handle.Pointer;

        Churn();
        *address = 17;

        Assert.Equal(17, array[0]);
        Assert.True(address == (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(array, 0));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(9)]
    public void A_pin_outside_the_bytes_is_an_argument_error(int index)
    {
        using Region region = Region.Allocate(8);
        using Lease lease = region.Take(HoldKind.Read);
        MemoryManager<byte> manager = Manager(lease.ReadOnlyMemory);

        Assert.Throws<ArgumentOutOfRangeException>(() => manager.Pin(index));

        Assert.Equal(1, region.Snapshot().Total);
    }

    [Fact]
    public void Disposing_the_manager_does_not_end_the_lease()
    {
        using Region region = Region.Allocate(8);
        using Lease lease = region.Take(HoldKind.Read);

        ((IDisposable)Manager(lease.ReadOnlyMemory)).Dispose();

        Assert.Equal(8, lease.ReadOnlyMemory.Span.Length);
    }

    private static void Churn()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        }
    }

    private static MemoryManager<byte> Manager(ReadOnlyMemory<byte> memory)
    {
        Assert.True(MemoryMarshal.TryGetMemoryManager(memory, out MemoryManager<byte>? manager));
        return manager!;
    }
}
