using System.Runtime.CompilerServices;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Diagnostics;

/// <summary>What is dropped is told apart by its length, which no other test uses.</summary>
[Collection(ProcessWide.Name)]
public sealed class LeakTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_dropped_region_is_reported_once_with_its_size_and_freed(bool held)
    {
        using var watch = new DiagnosticsWatch();
        var memory = new ForeignMemory(70_001);
        WeakReference region = Drop(memory, held);

        Assert.True(DiagnosticsWatch.CollectUntil(() => memory.Freed == 1));
        DiagnosticsWatch.CollectUntil(() => !region.IsAlive);

        HoldEventArgs report = Assert.Single(watch.Leaked, static report => report.ByteLength == 70_001);
        Assert.Equal($"Region of 70001 bytes was dropped without Dispose, with {(held ? "1 hold" : "0 holds")} out.", report.Message);
        Assert.Equal(watch.Leaked.Count, watch.Leaks);
        Assert.Equal(1, memory.Freed);
        Assert.False(region.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Drop(ForeignMemory memory, bool held)
        {
            WeakReference? dropped = null;
            Race.Run(() =>
            {
                Region region = memory.AsRegion();
                dropped = new WeakReference(region);
                if (held)
                {
                    region.Take(HoldKind.Exclusive);
                }
            });
            return dropped!;
        }
    }

    [Fact]
    public void A_dropped_region_that_was_traced_is_reported_with_the_stack_of_its_birth()
    {
        using var watch = new DiagnosticsWatch();
        Race.Run(GiveBirth);

        Assert.True(DiagnosticsWatch.CollectUntil(() => watch.Leaked.Any(static report => report.ByteLength == 70_002)));

        Assert.Contains(nameof(GiveBirth), Assert.Single(watch.Leaked).BirthStack, StringComparison.Ordinal);

        static void GiveBirth() => Region.Allocate(70_002, new RegionOptions { TraceHolds = true });
    }

    [Fact]
    public void A_region_disposed_under_a_hold_that_is_dropped_is_reported_and_freed()
    {
        using var watch = new DiagnosticsWatch();
        var memory = new ForeignMemory(70_003);
        Race.Run(() =>
        {
            Region region = memory.AsRegion();
            region.Take(HoldKind.Read);
            region.Dispose();
        });

        Assert.True(DiagnosticsWatch.CollectUntil(() => memory.Freed == 1));

        Assert.Equal("Region of 70003 bytes was disposed, and dropped with 1 hold out.", Assert.Single(watch.Leaked, static report => report.ByteLength == 70_003).Message);
        Assert.Single(watch.DisposedWhileHeld);
    }

    [Fact]
    public void A_lost_lease_on_a_living_region_is_reported_and_released_once()
    {
        using var watch = new DiagnosticsWatch();
        using Region region = Region.Allocate(70_004);
        Race.Run(() => region.Take(HoldKind.Exclusive));

        Assert.True(DiagnosticsWatch.CollectUntil(() => region.Snapshot() == default));

        HoldEventArgs report = Assert.Single(watch.Leaked);
        Assert.Equal((HoldKind.Exclusive, 70_004L), (report.Kind, report.ByteLength));
        Assert.True(Scoped.Try(region, HoldKind.Exclusive));
    }

    [Theory]
    [InlineData(HoldKind.Exclusive)]
    [InlineData(HoldKind.Read)]
    public void A_lost_scope_or_pin_is_released_too(HoldKind kind)
    {
        using var watch = new DiagnosticsWatch();
        using Region region = Region.Allocate(70_005);
        Lease lease = region.Take(kind);
        Race.Run(() => lease.Open(), () => lease.Pin());
        lease.Dispose();
        Assert.NotEqual(default, region.Snapshot());

        Assert.True(DiagnosticsWatch.CollectUntil(() => region.Snapshot() == default), region.ToString());

        Assert.Equal(2, watch.Leaked.Count);
    }

    [Fact]
    public void What_was_disposed_is_not_reported()
    {
        using var watch = new DiagnosticsWatch();
        Race.Run(static () =>
        {
            for (int i = 0; i < 100; i++)
            {
                Region region = Region.Allocate(70_006);
                Lease[] leases = [region.Take(HoldKind.Read), region.Take(HoldKind.Read), region.Take(HoldKind.Read)];
                region.Dispose();
                Array.ForEach(leases, static lease => lease.Dispose());
                Assert.True(Region.Allocate(70_006).TryFree());
            }
        });

        DiagnosticsWatch.CollectUntil(static () => false);

        Assert.Empty(watch.Leaked);
        Assert.Equal(0, watch.Leaks);
    }

    [Fact]
    public void An_array_and_its_region_keep_each_other_but_nothing_else_keeps_them()
    {
        using var watch = new DiagnosticsWatch();
        WeakReference[] both = Wrap();

        Assert.True(DiagnosticsWatch.CollectUntil(() => !both[0].IsAlive && !both[1].IsAlive));

        Assert.Empty(watch.Leaked);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference[] Wrap()
        {
            WeakReference[] both = [];
            Race.Run(() =>
            {
                byte[] array = new byte[70_007];
                Region region = Region.Wrap(array);
                region.Take(HoldKind.Read).Dispose();
                both = [new WeakReference(array), new WeakReference(region)];
            });
            return both;
        }
    }

    [Fact]
    public void A_lost_pin_of_an_array_does_not_keep_the_array_for_ever()
    {
        using var watch = new DiagnosticsWatch();
        WeakReference array = Pin();

        // Until the lost hold has been told of too: it would be told to the next test otherwise.
        Assert.True(DiagnosticsWatch.CollectUntil(() => !array.IsAlive && watch.Leaked.Any(static report => report.ByteLength == 70_009)));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Pin()
        {
            WeakReference? pinned = null;
            Race.Run(() =>
            {
                byte[] array = new byte[70_009];
                pinned = new WeakReference(array);
                using Lease lease = Region.Wrap(array).Take(HoldKind.Read);
                _ = lease.Pin();
            });
            return pinned!;
        }
    }

    [Fact]
    public void A_wrapped_array_keeps_its_region_and_its_holds_while_it_lives()
    {
        byte[] array = new byte[8];
        Race.Run(() => Region.Wrap(array).Take(HoldKind.Write));
        DiagnosticsWatch.CollectUntil(static () => false);

        Assert.Equal(1, Region.Wrap(array).Snapshot().Writers);
    }

    [Fact]
    public void A_Memory_keeps_its_region_from_being_lost()
    {
        using var watch = new DiagnosticsWatch();
        ReadOnlyMemory<byte> memory = default;
        Race.Run(() => memory = Region.Allocate(70_008).Take(HoldKind.Read).ReadOnlyMemory);

        DiagnosticsWatch.CollectUntil(static () => false);

        Assert.Empty(watch.Leaked);
        Assert.Equal(70_008, memory.Span.Length);
        memory = default;
        Assert.True(DiagnosticsWatch.CollectUntil(() => watch.Leaks == 1));
    }
}
