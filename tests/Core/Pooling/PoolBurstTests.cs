using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace FastBuffers.Tests.Pooling;

/// <summary>Resident memory after a burst of FASTBUFFERS_BURST_MIB, 256 by default.</summary>
[Collection(ProcessWide.Name)]
public sealed class PoolBurstTests
{
    private const int Threads = 4;

    private static readonly long s_burst =
        long.Parse(Environment.GetEnvironmentVariable("FASTBUFFERS_BURST_MIB") ?? "256", CultureInfo.InvariantCulture) << 20;

    [Theory]
    [InlineData(4096)]
    [InlineData(100_000)]
    public void Resident_memory_comes_back_although_the_threads_that_cached_it_sleep(int length)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux is asked for the resident bytes.");
        using var pool = new RegionPool(new() { IdleTrim = TimeSpan.FromSeconds(1) });

        // Not disposed, and of background threads: they may be in it when this fails.
        var go = new Barrier(Threads + 1);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            go.SignalAndWait();
            RentAndReturn(pool, length, go);
            go.SignalAndWait();
            go.SignalAndWait();
        })
        {
            IsBackground = true,
        })];
        Array.ForEach(threads, static thread => thread.Start());
        long before = Resident();
        go.SignalAndWait();
        go.SignalAndWait();
        Assert.InRange(pool.Statistics.RentedBytes, s_burst - (Threads * length), long.MaxValue);
        go.SignalAndWait();
        go.SignalAndWait();

        long end = Stopwatch.GetTimestamp() + (30 * Stopwatch.Frequency);
        long after;
        do
        {
            Thread.Sleep(200);
            after = Resident();
        }
        while (after - before > s_burst / 20 && Stopwatch.GetTimestamp() < end);

        Assert.InRange(after - before, long.MinValue, s_burst / 20);
        go.SignalAndWait();
        Array.ForEach(threads, static thread => thread.Join());
    }

    // By itself, so that no local of the thread's keeps the leases reachable afterwards.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RentAndReturn(RegionPool pool, int length, Barrier go)
    {
        var leases = new Lease[s_burst / Threads / length];
        for (int i = 0; i < leases.Length; i++)
        {
            leases[i] = pool.Rent(length);
            leases[i].Span.Fill(1);
        }

        go.SignalAndWait();
        go.SignalAndWait();
        Array.ForEach(leases, static lease => lease.Dispose());
    }

    private static long Resident()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        string[] pages = File.ReadAllText("/proc/self/statm").Split(' ');
        return long.Parse(pages[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }
}
