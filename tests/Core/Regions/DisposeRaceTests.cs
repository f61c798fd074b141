using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Regions;

[Collection(ProcessWide.Name)]
public sealed class DisposeRaceTests
{
    private const int Rounds = 4_000;

    public static TheoryData<HoldKind, bool> KindsAndForms => [.. Kinds.All.SelectMany(static kind => new[] { (kind, false), (kind, true) })];

    [Theory]
    [MemberData(nameof(KindsAndForms))]
    public void A_region_disposed_while_somebody_takes_and_releases_is_freed_exactly_once(HoldKind kind, bool scoped)
    {
        ForeignMemory memory = null!;
        Region region = null!;
        Race.Rounds(
            Rounds,
            _ => region = (memory = new ForeignMemory(8)).AsRegion(),
            _ => region.Dispose(),
            _ =>
            {
                try
                {
                    for (int i = 0; i < 50; i++)
                    {
                        if (scoped)
                        {
                            Scoped.While(region, kind, bytes => Assert.Equal(0, bytes[7] + memory.Freed));
                        }
                        else
                        {
                            using Lease lease = region.Take(kind);
                            Assert.Equal(0, lease.ReadOnlySpan[7] + memory.Freed);
                        }
                    }
                }
                catch (ObjectDisposedException)
                {
                }
            },
            round => Assert.True(memory.Freed == 1, $"Round {round}: freed {memory.Freed} times."));
    }

    [Theory]
    [MemberData(nameof(KindsAndForms))]
    public void A_region_disposed_while_its_last_two_leases_end_is_freed_exactly_once(HoldKind kind, bool share)
    {
        ForeignMemory memory = null!;
        Region region = null!;
        Lease first = default;
        Lease second = default;
        Race.Rounds(
            Rounds,
            _ =>
            {
                region = (memory = new ForeignMemory(8)).AsRegion();
                first = region.Take(kind);
                second = kind == HoldKind.Exclusive ? first : share ? first.Share() : region.Take(kind);
            },
            _ =>
            {
                region.Dispose();
                first.Dispose();
            },
            _ => second.Dispose(),
            round => Assert.True(memory.Freed == 1, $"Round {round}: freed {memory.Freed} times."));
    }
}
