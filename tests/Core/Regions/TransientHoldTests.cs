using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Regions;

/// <summary>What the owner of a region does to it for a moment is no hold, and is not told of as one.</summary>
[Collection(ProcessWide.Name)]
public sealed class TransientHoldTests
{
    [Fact]
    public void A_refused_resize_of_nothing_names_the_holds_that_are_there_and_no_other()
    {
        using Region region = Region.Allocate(0);
        using Lease lease = region.Take(HoldKind.Read);

        var conflict = Assert.Throws<BufferConflictException>(() => region.Resize(8));

        Assert.Equal(new HoldSnapshot { RangedHolds = 1 }, conflict.Snapshot);
        Assert.Equal("Resize of Region of 0 bytes to 8 refused: 1 ranged hold is active. Only a region without other holds can be resized.", conflict.Message);
        Assert.DoesNotContain(conflict.Blockers, static blocker => blocker.Kind == HoldKind.Exclusive);
    }

    [Fact]
    public void A_resize_that_a_hold_on_no_bytes_refuses_refuses_nobody_else()
    {
        using Region region = Region.Allocate(8);
        using Lease nothing = region.Slice(3, 0).Take(HoldKind.Read);
        bool stop = false;
        Race.Run(
            () =>
            {
                while (!Volatile.Read(ref stop))
                {
                    Assert.Throws<BufferConflictException>(() => region.Resize(16));
                }
            },
            () =>
            {
                int refused = 0;
                for (int i = 0; i < 1_000_000; i++)
                {
                    if (region.TryTake(HoldKind.Read, out Lease lease))
                    {
                        lease.Dispose();
                    }
                    else
                    {
                        refused++;
                    }
                }

                Volatile.Write(ref stop, true);
                Assert.Equal(0, refused);
            });
    }

    [Fact]
    public void A_region_that_is_disposed_and_freed_at_once_by_two_threads_is_freed_exactly_once()
    {
        ForeignMemory[] memories = [];
        Region[] regions = [];
        Race.Rounds(
            2_000,
            _ =>
            {
                memories = [.. Enumerable.Range(0, 32).Select(static _ => new ForeignMemory(8))];
                regions = [.. memories.Select(static memory => memory.AsRegion())];
            },
            _ => Array.ForEach(regions, static region => region.Dispose()),
            _ => Array.ForEach(regions, static region => Record.Exception(() => region.TryFree())),
            round => Assert.All(memories, memory => Assert.True(memory.Freed == 1, $"Round {round}: freed {memory.Freed} times.")));
    }

    [Fact]
    public void TryFree_frees_now_or_changes_nothing_while_a_hold_on_no_bytes_is_taken()
    {
        const int Batch = 32;
        ForeignMemory[] memories = [];
        Region[] regions = [];
        bool[] freed = new bool[Batch];
        Lease[] leases = new Lease[Batch];
        Race.Rounds(
            4_000,
            _ =>
            {
                memories = [.. Enumerable.Range(0, Batch).Select(static _ => new ForeignMemory(8))];
                regions = [.. memories.Select(static memory => memory.AsRegion())];
                Array.Clear(leases);
            },
            _ => Each(i => freed[i] = regions[i].TryFree()),
            _ => Each(i => Record.Exception(() => regions[i].Slice(3, 0).TryTake(HoldKind.Read, out leases[i]))),
            round => Each(i =>
            {
                Assert.True(memories[i].Freed == (freed[i] ? 1 : 0), $"Round {round}: {freed[i]}, freed {memories[i].Freed} times, {regions[i]}");
                Assert.True(leases[i].IsReleased == freed[i], $"Round {round}: {freed[i]}, {leases[i]}");
                leases[i].Dispose();
                regions[i].Dispose();
                Assert.Equal(1, memories[i].Freed);
            }));

        static void Each(Action<int> action)
        {
            for (int i = 0; i < Batch; i++)
            {
                action(i);
            }
        }
    }

    [Fact]
    public void TryFree_of_a_disposed_region_throws_also_while_a_hold_on_no_bytes_is_out()
    {
        Region region = Region.Allocate(0);
        using Lease lease = region.Take(HoldKind.Read);
        region.Dispose();

        Assert.Throws<ObjectDisposedException>(() => region.TryFree());
    }
}
