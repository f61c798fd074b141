using System.Buffers;
using System.Collections.Immutable;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Exporters;

[Collection(ProcessWide.Name)]
public sealed class MemoryExporterTests
{
    [Fact]
    public void Read_only_memory_of_an_array_is_on_its_region_and_permits_no_writing()
    {
        byte[] array = new byte[8];
        Region region = Region.Wrap(array, ConflictTable.AllKinds);
        IBufferExporter exporter = BufferExporter.From((ReadOnlyMemory<byte>)array);
        Assert.Equal((HoldCapabilities.Read | HoldCapabilities.Immutable, 8), (exporter.Capabilities, exporter.Length));

        using (Lease writer = region.Take(HoldKind.Write))
        {
            Assert.False(BufferConsumer.TryImmutable(exporter, out _, out HoldRefusal refusal));
            Assert.Equal(HoldRefusal.Conflict, refusal);
            Assert.Equal(1, Assert.Throws<BufferConflictException>(() => BufferConsumer.Take(exporter, HoldKind.Immutable)).Snapshot.Writers);
        }

        Assert.True(BufferConsumer.TryImmutable(exporter, out Lease lease, out _));
        Assert.Same(region, lease.Region);
        lease.Dispose();
        foreach (HoldKind kind in (HoldKind[])[HoldKind.Write, HoldKind.Exclusive])
        {
            Assert.IsType<BufferException>(Record.Exception(() => exporter.TryTake(kind, out _)));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => exporter.TryTake(HoldKind.None, out _));
        Assert.Equal(default, region.Snapshot());
    }

    [Theory]
    [InlineData(HoldCapabilities.Read | HoldCapabilities.Write, HoldCapabilities.Read)]
    [InlineData(HoldCapabilities.Write, HoldCapabilities.Declared)]
    [InlineData(HoldCapabilities.Write | HoldCapabilities.Exclusive | HoldCapabilities.Declared, HoldCapabilities.Declared)]
    [InlineData(HoldCapabilities.Declared, HoldCapabilities.Declared)]
    [InlineData(HoldCapabilities.Unknown, HoldCapabilities.Unknown)]
    public void Read_only_memory_declares_what_is_left_without_writing(HoldCapabilities declared, HoldCapabilities left)
    {
        byte[] array = new byte[8];
        Region.Wrap(array, declared);

        Assert.Equal(left, BufferExporter.From(new ReadOnlyMemory<byte>(array)).Capabilities);
    }

    [Fact]
    public void No_memory_is_no_bytes()
    {
        foreach (IBufferExporter exporter in (IBufferExporter[])[BufferExporter.From(default(Memory<byte>)), BufferExporter.From(ReadOnlyMemory<byte>.Empty)])
        {
            Assert.Equal(0, exporter.Length);
            Assert.True(exporter.TryTake(HoldKind.Read, out Lease lease));
            Assert.Equal(0, lease.Length);
            lease.Dispose();
        }
    }

    [Fact]
    public void An_immutable_array_as_memory_keeps_its_promise_once_it_is_known()
    {
        ImmutableArray<byte> bytes = [1, 2, 3];
        Region.Wrap(bytes);

        using Lease lease = BufferConsumer.ImmutableOrCopy(BufferExporter.From(bytes.AsMemory()), out bool copied);

        Assert.False(copied);
    }

    [Fact]
    public void A_part_of_an_array_is_held_on_the_region_of_the_array()
    {
        byte[] array = [.. Enumerable.Range(0, 10).Select(static i => (byte)i)];
        Region region = Region.Wrap(array, ConflictTable.AllKinds);
        IBufferExporter left = BufferExporter.From(array.AsMemory(0, 5));
        IBufferExporter right = BufferExporter.From(array.AsMemory(5, 5));
        IBufferExporter middle = BufferExporter.From((ReadOnlyMemory<byte>)array.AsMemory(4, 2));

        Assert.True(BufferConsumer.TryExclusive(left, out Lease first, out _));
        Assert.True(BufferConsumer.TryExclusive(right, out Lease second, out _));
        Assert.Equal([5, 6, 7, 8, 9], second.ToArray());
        Assert.Same(region, second.Region);
        Assert.False(BufferConsumer.TryRaw(middle, writable: false, out _, out HoldRefusal refusal));
        Assert.Equal(HoldRefusal.Conflict, refusal);
        first.Dispose();
        second.Dispose();
        using Lease third = BufferConsumer.Take(middle, HoldKind.Immutable);
        Assert.Equal([4, 5], third.ToArray());
    }

    [Theory]
    [MemberData(nameof(Kinds.Pairs), MemberType = typeof(Kinds))]
    public void Memory_of_a_lease_is_held_beside_that_lease(HoldKind held, HoldKind requested)
    {
        using Region region = Region.Allocate(8);
        Lease lease = region.Take(held);
        IBufferExporter exporter = held is HoldKind.Write or HoldKind.Exclusive
            ? BufferExporter.From(lease.Memory)
            : BufferExporter.From(System.Runtime.InteropServices.MemoryMarshal.AsMemory(lease.ReadOnlyMemory));
        Assert.Equal((ConflictTable.AllKinds, 8), (exporter.Capabilities, exporter.Length));

        Assert.Equal(lease.TryTake(requested, out Lease direct), exporter.TryTake(requested, out Lease through));

        Assert.Equal(direct.Kind, through.Kind);
        direct.Dispose();
        through.Dispose();
        lease.Dispose();
        Assert.Equal(default, region.Snapshot());
        Assert.Throws<ObjectDisposedException>(() => exporter.TryTake(requested, out _));
        Assert.Throws<ObjectDisposedException>(() => exporter.Capabilities);
        Assert.Throws<ObjectDisposedException>(() => exporter.Length);
    }

    [Fact]
    public void Read_only_memory_of_a_lease_permits_no_writing()
    {
        using Region region = Region.Allocate(8);
        using Lease lease = region.Take(HoldKind.Write);
        IBufferExporter exporter = BufferExporter.From(lease.ReadOnlyMemory);

        Assert.Equal(HoldCapabilities.Read | HoldCapabilities.Immutable, exporter.Capabilities);
        Assert.Throws<BufferException>(() => exporter.TryTake(HoldKind.Write, out _));
        Assert.Equal(1, Assert.Throws<BufferConflictException>(() => BufferConsumer.Take(exporter, HoldKind.Immutable)).Snapshot.Writers);
        Assert.True(exporter.TryTake(HoldKind.Read, out Lease share));
        share.Dispose();
    }

    [Fact]
    public void A_part_of_the_memory_of_a_lease_is_held_on_its_region()
    {
        using Region region = Region.Allocate(10);
        using Lease lease = region.Take(HoldKind.Write);
        IBufferExporter left = BufferExporter.From(lease.Memory[..5]);
        IBufferExporter right = BufferExporter.From(lease.ReadOnlyMemory[5..]);

        Assert.True(BufferConsumer.TryRaw(left, writable: true, out Lease first, out _));
        Assert.True(BufferConsumer.TryRaw(right, writable: false, out Lease second, out _));
        Assert.Equal((0, 5, 5, 5), (first.Start, first.Length, second.Start, second.Length));
        Assert.False(BufferConsumer.TryImmutable(right, out _, out HoldRefusal refusal));
        Assert.Equal(HoldRefusal.Conflict, refusal);
        first.Dispose();
        second.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public void Memory_of_a_lease_that_has_no_bytes_is_held_on_its_region_too(int length)
    {
        using Region region = Region.Allocate(length);
        Lease lease = region.Take(HoldKind.Write);
        IBufferExporter exporter = BufferExporter.From(lease.Memory[length..]);

        Assert.Equal((region.Capabilities, 0), (exporter.Capabilities, exporter.Length));
        using (Lease nothing = BufferConsumer.Take(exporter, HoldKind.Immutable))
        {
            Assert.Same(region, nothing.Region);
            Assert.Equal(2, region.Snapshot().Total);
        }

        lease.Dispose();
        Assert.Throws<ObjectDisposedException>(() => exporter.TryTake(HoldKind.Read, out _));
        Assert.Equal(default, region.Snapshot());
    }

    [Fact]
    public void Memory_of_a_wrapped_owner_is_held_on_its_region()
    {
        var owner = new ForeignMemory(8);
        using Region region = Region.Wrap((IMemoryOwner<byte>)owner);

        Assert.Same(region, BufferExporter.From(owner.Memory));

        region.Dispose();
        Assert.Equal(1, owner.Freed);
    }

    [Fact]
    public void Memory_of_unknown_origin_gives_raw_leases_each_with_a_pin()
    {
        using var watch = new DiagnosticsWatch();
        using var memory = new ForeignMemory(70_024);
        IBufferExporter exporter = BufferExporter.From(memory.Memory[1..]);
        Assert.Equal((HoldCapabilities.Unknown, 70_023), (exporter.Capabilities, exporter.Length));

        Assert.False(BufferConsumer.TryImmutable(exporter, out _, out HoldRefusal refusal));
        Assert.Equal(HoldRefusal.Unsupported, refusal);
        Assert.Throws<BufferException>(() => exporter.TryTake(HoldKind.Exclusive, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => exporter.TryTake(HoldKind.None, out _));
        Assert.Equal(0, memory.Pins);
        Assert.True(BufferConsumer.TryRaw(exporter, writable: true, out Lease writer, out _));
        Assert.True(BufferConsumer.TryRaw(exporter, writable: false, out Lease reader, out _));
        Assert.Equal(2, memory.Pins);
        writer.Span[0] = 42;
        Assert.Equal((42, 42), (reader.ReadOnlySpan[0], memory.GetSpan()[1]));

        Lease share = writer.Share();
        writer.Dispose();
        Assert.Equal(2, memory.Pins);
        share.Dispose();
        reader.Dispose();

        Assert.Equal(0, memory.Pins);
        DiagnosticsWatch.CollectUntil(static () => false);
        Assert.Equal((0, 0), (watch.Leaks, watch.DisposedWhileHeld.Count));
    }

    [Fact]
    public void Read_only_memory_of_unknown_origin_gives_Read_only()
    {
        using var memory = new ForeignMemory(8);
        IBufferExporter exporter = BufferExporter.From((ReadOnlyMemory<byte>)memory.Memory);

        Assert.Equal(HoldCapabilities.Unknown, exporter.Capabilities);
        Assert.Throws<BufferException>(() => exporter.TryTake(HoldKind.Write, out _));
        Assert.False(BufferConsumer.TryRaw(exporter, writable: true, out _, out HoldRefusal refusal));
        Assert.Equal(HoldRefusal.Unsupported, refusal);
        Assert.True(exporter.TryTake(HoldKind.Read, out Lease lease));
        Assert.Equal(HoldCapabilities.Read, lease.Capabilities);
        lease.Dispose();
        Assert.Equal(0, memory.Pins);
    }

    [Fact]
    public void A_pin_that_throws_leaves_nothing()
    {
        using var watch = new DiagnosticsWatch();
        Race.Run(static () =>
        {
            IBufferExporter exporter = BufferExporter.From(new Unpinnable().Memory);
            Assert.Throws<IOException>(() => exporter.TryTake(HoldKind.Read, out _));
        });

        DiagnosticsWatch.CollectUntil(static () => false);

        Assert.Equal(0, watch.Leaks);
    }

    private sealed class Unpinnable : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => new byte[4];

        public override MemoryHandle Pin(int elementIndex = 0) => throw new IOException();

        public override void Unpin() => throw new IOException();

        protected override void Dispose(bool disposing)
        {
        }
    }
}
