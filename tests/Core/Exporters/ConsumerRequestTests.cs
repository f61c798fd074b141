using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Exporters;

public sealed class ConsumerRequestTests
{
    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void A_region_gives_every_kind(HoldKind kind)
    {
        using Region region = Region.Allocate(8);

        Assert.True(Try(region, kind, out Lease lease, out HoldRefusal refusal));

        Assert.Equal((kind, 8, HoldRefusal.None), (lease.Kind, lease.Length, refusal));
        Assert.Equal(1, region.Snapshot().Total);
        lease.Dispose();
        BufferConsumer.Take(region, kind).Dispose();
        Assert.Equal(default, region.Snapshot());
    }

    [Fact]
    public void A_conflict_with_a_resize_is_said_to_be_one_whatever_the_length_is_by_then()
    {
        using Region region = Region.Allocate(64);
        bool stop = false;

        // More threads than processors, so that some are halted between looking at the length twice.
        Race.Run([Resize, Take, Take, Take, Take]);
        Assert.Equal(default, region.Snapshot());

        void Resize()
        {
            for (int i = 0; i < 100_000; i++)
            {
                Record.Exception(() => region.Resize(i % 2 == 0 ? 8 : 64));
            }

            Volatile.Write(ref stop, true);
        }

        void Take()
        {
            while (!Volatile.Read(ref stop))
            {
                if (Record.Exception(() => BufferConsumer.Take(region, HoldKind.Read).Dispose()) is { } refusal)
                {
                    Assert.IsType<BufferConflictException>(refusal);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds.ConflictingPairs), MemberType = typeof(Kinds))]
    public void A_conflict_is_said_to_be_one(HoldKind held, HoldKind requested)
    {
        using Region region = Region.Allocate(8);
        using Lease holder = region.Take(held);

        Assert.False(Try(region, requested, out Lease lease, out HoldRefusal refusal));

        Assert.Equal((default, HoldRefusal.Conflict), (lease, refusal));
        BufferConflictException thrown = Assert.Throws<BufferConflictException>(() => BufferConsumer.Take(region, requested));
        Assert.Equal((requested, held), (thrown.Requested, Assert.Single(thrown.Blockers).Kind));
        Assert.Equal(1, region.Snapshot().Total);
    }

    /// <summary>What is declared, what is asked for, and whether the exporter hears of it.</summary>
    public static TheoryData<HoldCapabilities, HoldKind, bool> Declarations
    {
        get
        {
            var rows = new TheoryData<HoldCapabilities, HoldKind, bool>();
            foreach (HoldKind kind in Kinds.All)
            {
                bool raw = kind is HoldKind.Read or HoldKind.Write;
                rows.Add(HoldCapabilities.Unknown, kind, raw);
                rows.Add(HoldCapabilities.Declared, kind, raw);
                for (int kinds = 1; kinds < 16; kinds++)
                {
                    rows.Add((HoldCapabilities)kinds, kind, ((HoldKind)kinds & kind) != 0);
                    rows.Add((HoldCapabilities)kinds | HoldCapabilities.Declared, kind, ((HoldKind)kinds & kind) != 0);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Declarations))]
    public void Only_what_is_declared_is_asked_for(HoldCapabilities declared, HoldKind kind, bool asked)
    {
        using Region region = Region.Allocate(8);
        FakeExporter exporter = FakeExporter.Around(region, declared);

        Assert.Equal(asked, Try(exporter, kind, out Lease lease, out HoldRefusal refusal));

        Assert.Equal(asked ? HoldRefusal.None : HoldRefusal.Unsupported, refusal);
        Assert.Equal(asked ? 1 : 0, exporter.Asked);
        Assert.Equal(asked ? kind : HoldKind.None, lease.Kind);
        lease.Dispose();
        if (!asked)
        {
            BufferException thrown = Assert.Throws<BufferException>(() => BufferConsumer.Take(exporter, kind));
            Assert.Equal($"{kind} is not supported by FakeExporter, which supports {declared}.", thrown.Message);
        }

        Assert.Equal(default, region.Snapshot());
    }

    [Fact]
    public void A_wrapper_does_not_inherit_what_it_wraps()
    {
        using Region region = Region.Allocate(8);
        FakeExporter wrapper = FakeExporter.Around(region, HoldCapabilities.Unknown);

        Assert.False(BufferConsumer.TryImmutable(wrapper, out _, out HoldRefusal refusal));

        Assert.Equal((HoldRefusal.Unsupported, 0), (refusal, wrapper.Asked));
        Assert.True(BufferConsumer.TryRaw(wrapper, writable: false, out Lease lease, out _));
        lease.Dispose();
    }

    [Fact]
    public void A_lack_of_support_is_not_hidden_by_a_conflict()
    {
        Region region = Region.Wrap(new byte[8]);
        using Lease writer = region.Take(HoldKind.Write);

        Assert.False(BufferConsumer.TryImmutable(region, out _, out HoldRefusal refusal));

        Assert.Equal(HoldRefusal.Unsupported, refusal);
        Assert.IsType<BufferException>(Record.Exception(() => BufferConsumer.Take(region, HoldKind.Immutable)));
    }

    [Fact]
    public void What_the_exporter_throws_is_told_apart()
    {
        var conflict = new BufferConflictException("busy");
        var unsupported = new BufferException("never");
        var other = new IOException("gone");

        Assert.False(BufferConsumer.TryImmutable(Throwing(conflict), out Lease lease, out HoldRefusal refusal));
        Assert.Equal((default, HoldRefusal.Conflict), (lease, refusal));
        Assert.False(BufferConsumer.TryExclusive(Throwing(unsupported), out lease, out refusal));
        Assert.Equal((default, HoldRefusal.Unsupported), (lease, refusal));
        Assert.Same(other, Assert.Throws<IOException>(() => BufferConsumer.TryRaw(Throwing(other), writable: true, out _, out _)));
        Assert.Same(conflict, Assert.Throws<BufferConflictException>(() => BufferConsumer.Take(Throwing(conflict), HoldKind.Read)).InnerException);
        Assert.Same(unsupported, Assert.Throws<BufferException>(() => BufferConsumer.Take(Throwing(unsupported), HoldKind.Read)).InnerException);

        static FakeExporter Throwing(Exception exception) => new() { Take = (HoldKind _, ref Lease _) => throw exception };
    }

    [Fact]
    public void Bad_arguments_and_dead_exporters_throw()
    {
        Region region = Region.Allocate(8);
        Lease lease = region.Take(HoldKind.Read);
        lease.Dispose();
        Assert.Throws<ArgumentOutOfRangeException>(() => BufferConsumer.Take(region, HoldKind.None));
        region.Dispose();

        Assert.Throws<ArgumentNullException>(static () => BufferConsumer.TryImmutable((Region)null!, out _, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => BufferConsumer.Take(region, (HoldKind)3));
        Assert.Throws<ObjectDisposedException>(() => BufferConsumer.TryImmutable(region, out _, out _));
        Assert.Throws<ObjectDisposedException>(() => BufferConsumer.TryRaw(lease, writable: false, out _, out _));
        Assert.Throws<ObjectDisposedException>(static () => BufferConsumer.Take(default(Lease), HoldKind.Read));
    }

    [Fact]
    public void A_frozen_region_promises_Immutable_and_no_more_Write()
    {
        using Region region = Region.Allocate(8);
        using Lease frozen = region.Take(HoldKind.Exclusive).Freeze();

        Assert.True(BufferConsumer.TryImmutable(region, out Lease lease, out _));
        lease.Dispose();
        Assert.False(BufferConsumer.TryRaw(region, writable: true, out _, out HoldRefusal refusal));
        Assert.Equal(HoldRefusal.Unsupported, refusal);
    }

    private static bool Try<T>(T source, HoldKind kind, out Lease lease, out HoldRefusal refusal)
        where T : IBufferExporter => kind switch
    {
        HoldKind.Immutable => BufferConsumer.TryImmutable(source, out lease, out refusal),
        HoldKind.Exclusive => BufferConsumer.TryExclusive(source, out lease, out refusal),
        _ => BufferConsumer.TryRaw(source, kind == HoldKind.Write, out lease, out refusal),
    };
}
