namespace FastBuffers.Tests.Waiting;

/// <summary>A million regions: those that nobody waits for carry nothing for it, before and after others were waited for.</summary>
[Collection(ProcessWide.Name)]
public sealed class ManyRegionsTests
{
    private const int Count = 1_000_000;
    private const int Waited = 1_000;

    [Fact]
    public void A_region_that_nobody_waits_for_carries_nothing_for_it()
    {
        var regions = new Region[Count];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Count; i++)
        {
            regions[i] = Region.Allocate(16);
        }

        long bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Count;
        Assert.InRange(bytes, 1, 128);

        // Once for the tables that all share, then to be measured.
        WaitForSome(regions, first: 0);
        long resident = GC.GetTotalMemory(forceFullCollection: true);
        WaitForSome(regions, first: 1);
        long more = GC.GetTotalMemory(forceFullCollection: true) - resident;
        Assert.True(more < Count, $"{more} bytes are left of {Waited} waits.");
        foreach (Region region in regions)
        {
            region.Dispose();
        }
    }

    private static void WaitForSome(Region[] regions, int first)
    {
        Region[] some = [.. Enumerable.Range(0, Waited).Select(i => regions[first + (i * (Count / Waited))])];
        Lease[] holds = [.. some.Select(static region => region.Take(HoldKind.Exclusive))];
        Task<Lease>[] waits = [.. some.Select(static region => region.AcquireAsync(HoldKind.Read).AsTask())];
        Assert.Equal(Waited, regions.Count(static region => region.Tracker.IsWaitedFor));
        Array.ForEach(holds, static hold => hold.Dispose());
        Assert.True(Task.WaitAll(waits, TimeSpan.FromSeconds(30)));
        Array.ForEach(waits, static wait => wait.Result.Dispose());
        Assert.DoesNotContain(regions, static region => region.Tracker.IsWaitedFor);
    }
}
