using System.Buffers;
using System.Runtime.InteropServices;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Appending;

public sealed class AppendLeaseTests
{
    [Fact]
    public void The_window_is_what_is_not_published_yet()
    {
        using Region region = Region.Allocate(16);
        Assert.True(region.TryAppend(out AppendLease appender));
        Assert.Equal((0, 16, region, false), (appender.Written, appender.Window.Length, appender.Region, appender.IsSealed));
        Assert.Equal("append lease, 0 of 16 bytes written", appender.ToString());

        "abcde"u8.CopyTo(appender.Window);
        appender.Publish(0);
        appender.Publish(5);
        AppendWindow window = appender.Window;
        window[0] = (byte)'f';
        ((Memory<byte>)window).Span[1] = (byte)'g';
        appender.Publish(2);

        Assert.Equal((7, 9, 9), (appender.Written, appender.Window.Length, appender.Window.Memory.Length));
        using Lease reader = region.Slice(0, 7).Take(HoldKind.Immutable);
        Assert.Equal("abcdefg"u8.ToArray(), reader.ToArray());
        appender.Publish(9);
        Assert.Equal((16, 0), (appender.Written, appender.Window.Length));
        appender.Publish(0);
        appender.Seal();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(12)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Publishing_what_is_not_in_the_window_publishes_nothing(int count)
    {
        using Region region = Region.Allocate(16);
        Assert.True(region.TryAppend(out AppendLease appender));
        appender.Publish(5);
        Memory<byte> memory = appender.Window.Memory;

        Assert.Throws<ArgumentOutOfRangeException>(() => appender.Publish(count));

        Assert.Equal((5, 11), (appender.Written, memory.Span.Length));
        appender.Dispose();
    }

    [Fact]
    public void Sealing_ends_it_once_and_Written_stays()
    {
        using Region region = Region.Allocate(16);
        Assert.True(region.TryAppend(out AppendLease appender));
        AppendLease copy = appender;
        appender.Publish(5);
        appender.Seal();

        using Lease next = region.Slice(4, 12).Take(HoldKind.Exclusive);
        copy.Seal();
        copy.Dispose();

        Assert.Equal((5, true, 5, true), (appender.Written, appender.IsSealed, copy.Written, copy.IsSealed));
        Assert.Equal("append lease, 5 of 16 bytes written, sealed", copy.ToString());
        Assert.True(copy == appender && copy.Equals((object)appender) && copy.GetHashCode() == appender.GetHashCode() && copy != default);
        Assert.Throws<ObjectDisposedException>(() => appender.Publish(1));
        Assert.Throws<ObjectDisposedException>(() => appender.Window.Length);
        Assert.Throws<ObjectDisposedException>(() => appender.Region);
        Assert.Equal(new HoldSnapshot { RangedHolds = 1 }, region.Snapshot());
    }

    [Fact]
    public void A_default_append_lease_behaves_as_sealed()
    {
        AppendLease none = default;
        none.Seal();

        Assert.Equal((0, true, "no append lease"), (none.Written, none.IsSealed, none.ToString()));
        Assert.Throws<ObjectDisposedException>(() => none.Publish(0));
        Assert.Throws<ObjectDisposedException>(() => none.Window.Length);
        Assert.Equal(0, default(AppendWindow).Length);
        Assert.Throws<ObjectDisposedException>(() => default(AppendWindow).Memory);
        Assert.Throws<ObjectDisposedException>(() => (Memory<byte>)default(AppendWindow));
    }

    [Fact]
    public void The_memory_of_a_window_ends_when_bytes_are_published_or_the_lease_is_sealed()
    {
        using Region region = Region.Allocate(16);
        Assert.True(region.TryAppend(out AppendLease appender));
        Memory<byte> first = appender.Window.Memory;
        appender.Publish(0);
        Assert.Equal(16, first.Span.Length);
        appender.Publish(1);
        Memory<byte> second = appender.Window.Memory;

        Assert.Throws<ObjectDisposedException>(() => first.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => first[5..].Span.Length);
        Assert.Throws<ObjectDisposedException>(() => first.Pin());
        Assert.Equal(15, second.Span.Length);
        appender.Seal();
        Assert.True(region.TryAppend(out AppendLease later));
        later.Publish(1);
        Assert.Throws<ObjectDisposedException>(() => second.Span.Length);
        later.Seal();
    }

    [Fact]
    public void An_exporter_of_the_window_is_on_the_region_and_meets_the_appender()
    {
        using Region region = Region.Allocate(16);
        Assert.True(region.TryAppend(out AppendLease appender));
        appender.Publish(4);
        IBufferExporter exporter = BufferExporter.From(appender.Window.Memory[2..6]);

        Assert.Equal((4, ConflictTable.AllKinds), (exporter.Length, exporter.Capabilities));
        Assert.False(exporter.TryTake(HoldKind.Write, out _));
        appender.Publish(6);
        Assert.True(exporter.TryTake(HoldKind.Immutable, out Lease lease));
        Assert.Equal((region, 6, 4), (lease.Region, lease.Start, lease.Length));
        lease.Dispose();
        appender.Seal();
    }

    [Fact]
    public void A_pin_before_the_window_is_refused()
    {
        using Region region = Region.Allocate(16);
        Assert.True(region.TryAppend(out AppendLease appender));
        appender.Publish(4);
        Assert.True(MemoryMarshal.TryGetMemoryManager<byte, MemoryManager<byte>>(appender.Window.Memory, out MemoryManager<byte>? manager));

        Assert.Throws<ArgumentOutOfRangeException>("elementIndex", () => manager!.Pin(-1));
        Assert.Throws<ArgumentOutOfRangeException>("elementIndex", () => manager!.Pin(13));
        appender.Seal();
    }

    [Fact]
    public unsafe void A_pin_of_the_window_points_to_its_bytes_and_puts_sealing_off()
    {
        var memory = new ForeignMemory(16);
        Region region = memory.AsRegion();
        Assert.True(region.TryAppend(out AppendLease appender));
        appender.Publish(3);
        MemoryHandle pin = appender.Window.Memory[2..].Pin();
        appender.Seal();
        region.Dispose();

        Assert.Equal((true, 1, 0), (appender.IsSealed, region.Snapshot().RangedHolds, memory.Freed));
        Assert.True((byte*)pin.Pointer == region.Address + 5);
        pin.Dispose();
        Assert.Equal((0, 1), (region.Snapshot().RangedHolds, memory.Freed));
    }

    [Fact]
    public void A_stale_lease_takes_nothing_from_the_appender_that_has_its_identity_now()
    {
        using Region region = Region.Allocate(16);
        Lease stale = region.Take(HoldKind.Exclusive);
        stale.Dispose();
        Assert.True(region.TryAppend(out AppendLease appender));

        Assert.Throws<ObjectDisposedException>(() => stale.Memory);
        Assert.Throws<ObjectDisposedException>(() => stale.ReadOnlyMemory);
        stale.Dispose();

        appender.Publish(appender.Window.Length);
        appender.Seal();
    }

    [Fact]
    public void A_disposed_region_is_appended_to_and_freed_when_that_ends()
    {
        var memory = new ForeignMemory(4);
        Region region = memory.AsRegion();
        Assert.True(region.TryAppend(out AppendLease appender));
        appender.Publish(1);
        Lease reader = region.Slice(0, 1).Take(HoldKind.Read);
        region.Dispose();

        Assert.Throws<ObjectDisposedException>(() => region.TryAppend(out _));
        Assert.Throws<ObjectDisposedException>(() => region.Slice(0, 1).TryTake(HoldKind.Read, out _));
        appender.Window.Span.Fill(7);
        appender.Publish(3);
        appender.Seal();
        Assert.Equal((4, 0), (appender.Written, memory.Freed));
        reader.Dispose();
        Assert.Equal(1, memory.Freed);
    }

    [Fact]
    public void Neither_resize_nor_TryFree_goes_past_an_appender()
    {
        foreach (int length in new[] { 0, 16 })
        {
            using Region region = Region.Allocate(length);
            Assert.True(region.TryAppend(out AppendLease appender));
            appender.Publish(length);

            Assert.Throws<BufferConflictException>(() => region.Resize(length));
            Assert.False(region.TryFree());

            Assert.Equal(new HoldSnapshot { RangedHolds = 1 }, region.Snapshot());
            appender.Seal();
            Assert.Equal(default, region.Snapshot());
            region.Resize(32);
            Assert.True(region.TryAppend(out appender));
            Assert.Equal(32, appender.Window.Length);
            appender.Seal();
        }
    }

    [Fact]
    public void A_region_of_no_bytes_is_appended_to_by_one_at_a_time()
    {
        using Region region = Region.Allocate(0);
        using Lease holder = region.Take(HoldKind.Exclusive);
        Assert.True(region.TryAppend(out AppendLease appender));

        Assert.Equal((0, 0, 2), (appender.Written, appender.Window.Length, region.Snapshot().RangedHolds));
        Assert.Throws<ArgumentOutOfRangeException>(() => appender.Publish(1));
        Assert.False(region.TryAppend(out _));
        Assert.Equal(2, region.GetHolds().Count);
        appender.Seal();
        Assert.True(region.TryAppend(out appender));
        appender.Seal();
    }

    [Fact]
    public void What_cannot_be_held_exclusively_cannot_be_appended_to()
    {
        Assert.Throws<BufferException>(() => Region.Wrap(new byte[4]).TryAppend(out _));
        using Region region = Region.Allocate(4);
        region.Take(HoldKind.Exclusive).Freeze().Dispose();
        Assert.Throws<BufferException>(() => region.TryAppend(out _));
        region.Dispose();
        Assert.Throws<ObjectDisposedException>(() => region.TryAppend(out _));
    }
}
