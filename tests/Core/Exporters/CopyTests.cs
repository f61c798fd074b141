using System.Collections.Immutable;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Exporters;

/// <summary>Immutable or a copy, exclusive or a copy.</summary>
[Collection(ProcessWide.Name)]
public sealed class CopyTests
{
    [Fact]
    public void Bytes_that_can_be_promised_are_not_copied()
    {
        using Region region = Region.Allocate(8);

        using Lease lease = BufferConsumer.ImmutableOrCopy(region, out bool copied);

        Assert.False(copied);
        Assert.Same(region, lease.Region);
        Assert.Equal(HoldKind.Immutable, lease.Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_021)]
    public void Other_bytes_are_copied_once_and_frozen_and_go_with_the_last_lease(int length)
    {
        using var watch = new DiagnosticsWatch();
        byte[] array = Numbered(length);
        Region region = Region.Wrap(array);

        Lease lease = BufferConsumer.ImmutableOrCopy(region, out bool copied);
        Assert.True(copied);
        Assert.Equal(default, region.Snapshot());
        array.AsSpan().Clear();

        Region copy = lease.Region;
        Lease share = lease.Share();
        Assert.Equal(HoldKind.Immutable, lease.Kind);
        Assert.Equal(HoldCapabilities.Read | HoldCapabilities.Immutable, lease.Capabilities);
        lease.Dispose();
        Assert.Equal(Numbered(length), share.ToArray());
        Assert.False(copy.IsClosed);
        share.Dispose();
        Assert.True(copy.IsClosed);
        Assert.Empty(watch.DisposedWhileHeld);
    }

    [Fact]
    public void A_conflict_throws_unless_a_copy_is_wanted_then_too()
    {
        using Region region = Region.Allocate(8);
        using (Lease writer = region.Take(HoldKind.Write))
        {
            writer.Span.Fill(7);
            BufferConflictException thrown = Assert.Throws<BufferConflictException>(() => BufferConsumer.ImmutableOrCopy(region, out _));
            Assert.Equal((HoldKind.Immutable, 1), (thrown.Requested, thrown.Snapshot.Writers));

            using Lease lease = BufferConsumer.ImmutableOrCopy(region, out bool copied, copyOnConflict: true);
            writer.Span.Fill(8);

            Assert.True(copied);
            Assert.Equal(-1, lease.ReadOnlySpan.IndexOfAnyExcept((byte)7));
            Assert.Equal(1, region.Snapshot().Total);
        }

        using Lease alone = region.Take(HoldKind.Exclusive);
        BufferConflictException read = Assert.Throws<BufferConflictException>(
            () => BufferConsumer.ImmutableOrCopy(region, out _, copyOnConflict: true));
        Assert.Equal((HoldKind.Read, true), (read.Requested, read.Snapshot.IsExclusive));
    }

    [Fact]
    public void What_cannot_be_read_cannot_be_copied()
    {
        var memory = new ForeignMemory(8);
        using Region region = memory.AsRegion(HoldCapabilities.Write);

        Assert.IsType<BufferException>(Record.Exception(() => BufferConsumer.ImmutableOrCopy(region, out _)));
        Assert.Equal(default, region.Snapshot());
    }

    [Fact]
    public void Copies_leave_nothing_to_report()
    {
        using var watch = new DiagnosticsWatch();
        Race.Run(static () =>
        {
            Region array = Region.Wrap(new byte[70_022]);
            for (int i = 0; i < 50; i++)
            {
                BufferConsumer.ImmutableOrCopy(array, out _).Dispose();
                BufferConsumer.ExclusiveOrCopy(array.Take(HoldKind.Read), out _).Dispose();
            }
        });

        DiagnosticsWatch.CollectUntil(static () => false);

        Assert.Equal((0, 0), (watch.Leaks, watch.DisposedWhileHeld.Count));
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void A_lease_that_is_alone_becomes_Exclusive_without_a_copy(HoldKind kind)
    {
        using Region region = Region.Allocate(8);
        Lease lease = region.Take(kind);

        Lease alone = BufferConsumer.ExclusiveOrCopy(lease, out bool copied);

        Assert.False(copied);
        Assert.Equal((HoldKind.Exclusive, region), (alone.Kind, alone.Region));
        Assert.Equal(kind != HoldKind.Exclusive, lease.IsReleased);
        alone.Dispose();
        Assert.Equal(default, region.Snapshot());
    }

    [Theory]
    [MemberData(nameof(Kinds.EachShared), MemberType = typeof(Kinds))]
    public void A_lease_that_is_not_alone_is_copied_and_released(HoldKind kind)
    {
        using var watch = new DiagnosticsWatch();
        using Region region = Region.Allocate(3);
        using (WriteHold write = region.HoldWrite())
        {
            write.Span.Fill(5);
        }

        using Lease other = region.Take(kind);
        Lease lease = region.Take(kind);

        Lease fork = BufferConsumer.ExclusiveOrCopy(lease, out bool copied);

        Assert.True(copied);
        Assert.True(lease.IsReleased);
        Assert.Equal(1, region.Snapshot().Total);
        Region copy = fork.Region;
        fork.Span[0] = 9;
        Assert.Equal([9, 5, 5], fork.ToArray());
        Assert.Equal(5, other.ReadOnlySpan[0]);
        Lease published = fork.Downgrade(HoldKind.Immutable);
        published.Dispose();
        Assert.True(copy.IsClosed);
        Assert.Equal((0, 0), (watch.DisposedWhileHeld.Count, watch.DoubleReleases));
    }

    [Fact]
    public void What_can_never_be_Exclusive_is_copied()
    {
        Region frozen = Region.Wrap([1, 2, 3], ConflictTable.AllKinds);
        frozen.FreezeCore();
        Region disposed = Region.Allocate(3);
        Lease last = disposed.Take(HoldKind.Read);
        disposed.Dispose();
        Lease[] leases =
        [
            Region.Wrap((byte[])[1, 2, 3]).Take(HoldKind.Read),
            Region.Wrap(ImmutableArray.Create<byte>(1, 2, 3)).Take(HoldKind.Immutable),
            frozen.Take(HoldKind.Read),
            last,
        ];

        foreach (Lease lease in leases)
        {
            byte[] bytes = lease.ToArray();
            using Lease fork = BufferConsumer.ExclusiveOrCopy(lease, out bool copied);
            Assert.True(copied);
            Assert.True(lease.IsReleased);
            Assert.Equal(bytes, fork.ToArray());
            fork.Span.Fill(1);
        }
    }

    [Fact]
    public void A_released_lease_cannot_be_forked()
    {
        using Region region = Region.Allocate(8);
        foreach (HoldKind kind in Kinds.All)
        {
            Lease lease = region.Take(kind);
            lease.Dispose();

            Assert.Throws<ObjectDisposedException>(() => BufferConsumer.ExclusiveOrCopy(lease, out _));
        }

        Assert.Throws<ObjectDisposedException>(static () => BufferConsumer.ExclusiveOrCopy(default, out _));
    }

    private static byte[] Numbered(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)(i % 251))];
}
