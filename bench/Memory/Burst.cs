using System.Diagnostics;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Memory;

/// <summary>
/// Rents 1 GiB, writes to all of it, returns it, half of it from another thread that lives on, and waits for the pool to give it back by
/// itself, after one collection. The figure is what is resident above what was before.
/// </summary>
internal static class Burst
{
    public const long Bytes = 1 << 30;
    public const long MaxKept = Bytes / 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly int[] s_lengths = [4 << 10, 64 << 10, 1 << 20];

    public static long Run()
    {
        // Whatever is made once for the first rental is no part of the burst.
        RegionPool.Shared.Rent(s_lengths[0]).Dispose();
        long before = ResidentMemory.Bytes();
        RentAndReturn(before);
        GC.Collect();
        long start = Stopwatch.GetTimestamp();
        long kept = ResidentMemory.Bytes() - before;
        while (kept > MaxKept && Stopwatch.GetElapsedTime(start) < s_patience)
        {
            Thread.Sleep(200);
            kept = ResidentMemory.Bytes() - before;
        }

        return kept;
    }

    private static void RentAndReturn(long before)
    {
        List<Lease> leases = [];
        foreach (int length in s_lengths)
        {
            for (long rented = 0; rented < Bytes / s_lengths.Length; rented += length)
            {
                Lease lease = RegionPool.Shared.Rent(length);
                lease.Span.Fill(1);
                leases.Add(lease);
            }
        }

        if (ResidentMemory.Bytes() - before < Bytes - MaxKept)
        {
            throw new InvalidOperationException("The burst never was in memory: the figure would mean nothing.");
        }

        var partner = new Partner(() => ReturnEverySecond(leases, 1));
        partner.Start();
        ReturnEverySecond(leases, 0);
        partner.Finish();
    }

    private static void ReturnEverySecond(List<Lease> leases, int first)
    {
        for (int i = first; i < leases.Count; i += 2)
        {
            leases[i].Dispose();
        }
    }
}
