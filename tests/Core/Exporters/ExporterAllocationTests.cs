namespace FastBuffers.Tests.Exporters;

[Collection(ProcessWide.Name)]
public sealed class ExporterAllocationTests
{
    private const int Turns = 2_000;

    [Fact]
    public void Asking_a_struct_allocates_nothing()
    {
        using Region region = Region.Allocate(8);
        var exporter = new StructExporter(region);
        using Lease lease = region.Take(HoldKind.Read);

        Assert.Equal(0, AllocatedBy(() =>
        {
            BufferConsumer.TryImmutable(exporter, out Lease immutable, out _);
            immutable.Dispose();
            BufferConsumer.TryRaw(lease, writable: false, out Lease share, out _);
            share.Dispose();
            BufferConsumer.TryExclusive(exporter, out _, out _);
            BufferConsumer.TryExclusive(lease, out _, out _);
            BufferConsumer.ImmutableOrCopy(exporter, out _).Dispose();
            BufferConsumer.Take(exporter, HoldKind.Write).Dispose();
        }));
    }

    [Fact]
    public void Sharing_from_a_cell_allocates_nothing_and_publishing_a_little()
    {
        using Region region = Region.Allocate(8);
        using var cell = new LeaseCell(region.Take(HoldKind.Immutable));

        Assert.Equal(0, AllocatedBy(() => cell.Share().Dispose()));
        Assert.InRange(AllocatedBy(() => cell.Publish(region.Take(HoldKind.Immutable))), Turns, Turns * 40L);
    }

    private static long AllocatedBy(Action action)
    {
        for (int i = 0; i < Turns; i++)
        {
            action();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Turns; i++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private readonly struct StructExporter(Region region) : IBufferExporter
    {
        public HoldCapabilities Capabilities => region.Capabilities;

        public int Length => region.Length;

        public bool TryTake(HoldKind kind, out Lease lease) => region.TryTake(kind, out lease);
    }
}
