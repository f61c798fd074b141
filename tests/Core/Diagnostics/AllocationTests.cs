using System.Diagnostics;
using System.Runtime.InteropServices;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Diagnostics;

[Collection(ProcessWide.Name)]
public sealed class AllocationTests
{
    private const int Turns = 2_000;

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void Scoped_holds_allocate_nothing_alone_or_beside_others(HoldKind kind)
    {
        using Region region = Region.Allocate(64);
        for (int company = 0; company < (kind == HoldKind.Exclusive ? 1 : 4); company++)
        {
            Lease[] others = [.. Enumerable.Range(0, company).Select(_ => region.Take(kind))];

            Assert.Equal(0, AllocatedBy(() => Hold(region, kind)));

            Array.ForEach(others, static other => other.Dispose());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void Leases_allocate_nothing_in_steady_state_alone_or_beside_others(HoldKind kind)
    {
        using Region region = Region.Allocate(64);
        for (int company = 0; company < (kind == HoldKind.Exclusive ? 1 : 4); company++)
        {
            Lease[] others = [.. Enumerable.Range(0, company).Select(_ => region.Take(kind))];

            Assert.Equal(0, AllocatedBy(() => region.Take(kind).Dispose()));
            Assert.Equal(0, AllocatedBy(() =>
            {
                using Lease lease = region.Take(kind);
                using LeaseScope scope = lease.Open();
            }));

            Array.ForEach(others, static other => other.Dispose());
        }
    }

    [Fact]
    public void Shares_and_conversions_allocate_nothing_in_steady_state()
    {
        using Region region = Region.Allocate(64);

        Assert.Equal(0, AllocatedBy(() =>
        {
            Lease lease = region.Take(HoldKind.Exclusive).Downgrade(HoldKind.Immutable);
            Lease share = lease.Share();
            lease.Dispose();
            share.Downgrade(HoldKind.Read).TryUpgrade(HoldKind.Exclusive, out Lease exclusive);
            exclusive.Dispose();
        }));
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void Holds_on_a_part_allocate_nothing_in_steady_state_alone_or_beside_others(HoldKind kind)
    {
        using Region region = Region.Allocate(64);
        RegionSlice slice = region.Slice(8, 8);
        foreach (int company in new[] { 0, 1, 2, 40 })
        {
            Lease[] others = [.. Enumerable.Range(0, company).Select(i => region.Slice(16 + i, 1).Take(kind))];

            Assert.Equal(0, AllocatedBy(() => Hold(slice, kind)));
            Assert.Equal(0, AllocatedBy(() => slice.Take(kind).Dispose()));
            Assert.Equal(0, AllocatedBy(() => region.Slice(8, 8).Slice(3, 0).Take(kind).Dispose()));
            Assert.Equal(0, AllocatedBy(() =>
            {
                using Lease lease = slice.Take(kind);
                using LeaseScope scope = lease.Open();
            }));

            Array.ForEach(others, static other => other.Dispose());
        }
    }

    [Fact]
    public void Shares_splits_joins_and_conversions_of_parts_allocate_nothing_in_steady_state()
    {
        using Region region = Region.Allocate(64);
        RegionSlice slice = region.Slice(8, 8);

        Assert.Equal(0, AllocatedBy(() =>
        {
            (Lease left, Lease right) = slice.Take(HoldKind.Exclusive).Split(3);
            Lease.TryJoin(left, right, out Lease joined);
            Lease lease = joined.Downgrade(HoldKind.Immutable);
            Lease share = lease.Share(2, 4);
            lease.Dispose();
            share.Downgrade(HoldKind.Read).TryUpgrade(HoldKind.Exclusive, out Lease exclusive);
            exclusive.Dispose();
        }));
        Assert.Equal(0, AllocatedBy(() =>
        {
            (Lease left, Lease right) = region.Take(HoldKind.Exclusive).Split(3);
            Lease.TryJoin(left, right, out Lease joined);
            joined.Dispose();
        }));
    }

    [Fact]
    public void An_appender_takes_one_object_of_at_most_32_bytes()
    {
        using Region region = Region.Allocate(64);

        Assert.InRange(
            AllocatedBy(() =>
            {
                region.TryAppend(out AppendLease appender);
                appender.Publish(appender.Window.Length / 2);
                appender.Seal();
            }),
            0,
            Turns * 32L);
    }

    [Fact]
    public void A_refused_Try_on_a_part_allocates_nothing()
    {
        using Region region = Region.Allocate(64);
        using Lease holder = region.Slice(15, 1).Take(HoldKind.Exclusive);
        RegionSlice slice = region.Slice(8, 8);

        Assert.Equal(0, AllocatedBy(() =>
        {
            foreach (HoldKind kind in Kinds.All)
            {
                slice.TryTake(kind, out _);
                region.TryTake(kind, out _);
            }

            slice.TryHoldRead(out _);
            slice.TryHoldExclusive(out _);
        }));
    }

    [Fact]
    public void A_refused_Try_allocates_nothing()
    {
        using Region region = Region.Allocate(64);
        using Lease holder = region.Take(HoldKind.Exclusive);

        Assert.Equal(0, AllocatedBy(() =>
        {
            foreach (HoldKind kind in Kinds.All)
            {
                region.TryTake(kind, out _);
            }

            region.TryHoldRead(out _);
            region.TryHoldExclusive(out _);
        }));
    }

    [Fact]
    public void Leases_released_on_another_thread_allocate_nothing_in_steady_state()
    {
        const int Batch = 200;
        using Region region = Region.Allocate(64);
        var leases = new Lease[Batch];
        long start = 0;
        long end = 0;

        // Twenty rounds to settle, then a hundred that count.
        Race.Rounds(
            120,
            round =>
            {
                start = round == 20 ? GC.GetTotalAllocatedBytes(precise: true) : start;
                for (int i = 0; i < Batch; i++)
                {
                    leases[i] = region.Take(HoldKind.Read);
                }
            },
            static _ => { },
            _ =>
            {
                for (int i = 0; i < Batch; i++)
                {
                    leases[i].Dispose();
                }
            },
            _ => end = GC.GetTotalAllocatedBytes(precise: true));

        Assert.Equal(default, region.Snapshot());

        // 100 rounds of 200 tickets would be 1.5 MB.
        Assert.InRange(end - start, 0, 10_000);
    }

    [Fact]
    public void The_manager_behind_Memory_has_at_most_48_bytes_and_is_made_once()
    {
        using Region region = Region.Allocate(64);
        for (int company = 0; company < 3; company++)
        {
            Lease[] others = [.. Enumerable.Range(0, company).Select(_ => region.Take(HoldKind.Read))];
            AllocatedBy(() => MakeMemory(region));

            Assert.InRange(AllocatedBy(() => MakeMemory(region)), Turns * 24L, Turns * 48L);

            using Lease lease = region.Take(HoldKind.Read);
            Assert.InRange(AllocatedBy(() => _ = lease.ReadOnlyMemory), 0, 0);
            Array.ForEach(others, static other => other.Dispose());
        }

        static void MakeMemory(Region region)
        {
            using Lease lease = region.Take(HoldKind.Read);
            _ = lease.ReadOnlyMemory;
            _ = lease.ReadOnlyMemory;
        }
    }

    [Fact]
    public unsafe void A_region_takes_at_most_128_managed_bytes()
    {
        void* memory = NativeMemory.AllocZeroed(8);
        var regions = new Region[Turns];
        int next = 0;

        Assert.InRange(AllocatedBy(() => Renew(Region.Wrap(memory, 8, ConflictTable.AllKinds))), 1, Turns * 128L);
        Assert.InRange(AllocatedBy(() => Renew(Region.Allocate(8))), 1, Turns * 128L);

        Assert.All(regions, static region => region.Dispose());
        NativeMemory.Free(memory);

        void Renew(Region region)
        {
            ref Region place = ref regions[next++ % regions.Length];
            place?.Dispose();
            place = region;
        }
    }

    private static void Hold(Region region, HoldKind kind)
    {
        switch (kind)
        {
            case HoldKind.Read:
                region.HoldRead().Dispose();
                break;
            case HoldKind.Write:
                region.HoldWrite().Dispose();
                break;
            case HoldKind.Immutable:
                region.HoldImmutable().Dispose();
                break;
            default:
                region.HoldExclusive().Dispose();
                break;
        }
    }

    private static void Hold(RegionSlice slice, HoldKind kind)
    {
        switch (kind)
        {
            case HoldKind.Read:
                slice.HoldRead().Dispose();
                break;
            case HoldKind.Write:
                slice.HoldWrite().Dispose();
                break;
            case HoldKind.Immutable:
                slice.HoldImmutable().Dispose();
                break;
            default:
                slice.HoldExclusive().Dispose();
                break;
        }
    }

    private static long AllocatedBy(Action action)
    {
        // Long enough for the place that a biased reader's thread is given once: a bias begins after some 200 µs of reading.
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Turns || Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(5); i++)
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
}
