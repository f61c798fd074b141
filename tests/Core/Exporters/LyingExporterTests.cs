using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Exporters;

/// <summary>Exporters that break the rules: the consumer says so, and nothing they returned stays held.</summary>
[Collection(ProcessWide.Name)]
public sealed class LyingExporterTests
{
    private const string Liar = "FastBuffers.Tests.Infrastructure.FakeExporter";

    [Theory]
    [MemberData(nameof(Kinds.Pairs), MemberType = typeof(Kinds))]
    public void Another_kind_than_the_requested_one(HoldKind given, HoldKind requested)
    {
        using var watch = new DiagnosticsWatch();
        using Region region = Region.Allocate(8);
        var exporter = new FakeExporter { Take = (HoldKind _, ref Lease lease) => region.TryTake(given, out lease) };
        if (given == requested)
        {
            BufferConsumer.Take(exporter, requested).Dispose();
            return;
        }

        BufferException thrown = Assert.Throws<BufferException>(() => BufferConsumer.Take(exporter, requested));

        Assert.Equal($"{Liar} answered true to TryTake({requested}) with {given} lease of 8 bytes: a lease must be of the kind that was asked for.", thrown.Message);
        Assert.Equal(default, region.Snapshot());
        Assert.Equal(0, watch.DoubleReleases);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(0)]
    public void Another_length_than_the_declared_one(int length)
    {
        using Region region = Region.Allocate(8);
        var exporter = new FakeExporter { Length = length, Take = (HoldKind kind, ref Lease lease) => region.TryTake(kind, out lease) };

        BufferException thrown = Assert.Throws<BufferException>(() => BufferConsumer.TryImmutable(exporter, out _, out _));

        Assert.Equal($"{Liar} answered true to TryTake(Immutable) with Immutable lease of 8 bytes: a lease must have the exporter's Length, {length}.", thrown.Message);
        Assert.Equal(default, region.Snapshot());
    }

    [Fact]
    public void A_lease_that_has_ended()
    {
        using var watch = new DiagnosticsWatch();
        using Region region = Region.Allocate(8);
        var exporter = new FakeExporter
        {
            Take = (HoldKind kind, ref Lease lease) =>
            {
                lease = region.Take(kind);
                lease.Dispose();
                return true;
            },
        };

        BufferException thrown = Assert.Throws<BufferException>(() => BufferConsumer.TryExclusive(exporter, out _, out _));

        Assert.Equal($"{Liar} answered true to TryTake(Exclusive) with Exclusive lease, released: a lease must be alive.", thrown.Message);
        Assert.Equal(0, watch.DoubleReleases);
    }

    [Fact]
    public void Yes_without_a_lease()
    {
        var exporter = new FakeExporter { Take = static (HoldKind _, ref Lease _) => true };

        BufferException thrown = Assert.Throws<BufferException>(() => BufferConsumer.TryImmutable(exporter, out _, out _));

        Assert.Equal($"{Liar} answered true to TryTake(Immutable) with no lease: a lease must be alive.", thrown.Message);
    }

    [Fact]
    public void No_with_a_lease()
    {
        using Region region = Region.Allocate(8);
        var exporter = new FakeExporter
        {
            Take = (HoldKind kind, ref Lease lease) =>
            {
                lease = region.Take(kind);
                return false;
            },
        };

        BufferException thrown = Assert.Throws<BufferException>(() => BufferConsumer.TryRaw(exporter, writable: true, out _, out _));

        Assert.Equal($"{Liar} answered false to TryTake(Write) with Write lease of 8 bytes: a refusal must leave the lease default.", thrown.Message);
        Assert.Equal(default, region.Snapshot());
    }

    public static TheoryData<Exception> Thrown => [new BufferConflictException(), new BufferException(), new IOException()];

    [Theory]
    [MemberData(nameof(Thrown))]
    public void An_exception_with_a_lease(Exception exception)
    {
        using Region region = Region.Allocate(8);
        var exporter = new FakeExporter
        {
            Take = (HoldKind kind, ref Lease lease) =>
            {
                lease = region.Take(kind);
                throw exception;
            },
        };

        Lease lease = default;
        Record.Exception(() => BufferConsumer.TryImmutable(exporter, out lease, out _));

        Assert.Equal(default, lease);
        Assert.Equal(default, region.Snapshot());
    }

    [Fact]
    public void A_length_that_throws_after_the_take()
    {
        using Region region = Region.Allocate(8);
        var exporter = new LengthOnce(region);

        Assert.Throws<IOException>(() => BufferConsumer.TryImmutable(exporter, out _, out _));

        Assert.Equal(default, region.Snapshot());
    }

    [Fact]
    public void An_exporter_that_was_resized_before_it_was_asked_is_no_liar()
    {
        using Region region = Region.Allocate(8);
        var exporter = new ResizedWhenAsked(region);

        Assert.True(BufferConsumer.TryImmutable(exporter, out Lease lease, out _));

        Assert.Equal(16, lease.Length);
        lease.Dispose();
    }

    private sealed class LengthOnce(Region region) : IBufferExporter
    {
        private int _asked;

        public HoldCapabilities Capabilities => ConflictTable.AllKinds;

        public int Length => _asked++ == 0 ? 3 : throw new IOException();

        public bool TryTake(HoldKind kind, out Lease lease) => region.TryTake(kind, out lease);
    }

    private sealed class ResizedWhenAsked(Region region) : IBufferExporter
    {
        public HoldCapabilities Capabilities => region.Capabilities;

        public int Length => region.Length;

        public bool TryTake(HoldKind kind, out Lease lease)
        {
            region.Resize(16);
            return region.TryTake(kind, out lease);
        }
    }
}
