using System.Runtime;

namespace FastBuffers.Bench.Gate;

/// <summary>
/// Counts the managed bytes that an operation allocates, on all threads together. In a pass of its own, in which nothing is collected:
/// the runtime itself allocates now and then because of a collection (with memory pressure in play 336 B for each), and what
/// an operation of many bytes is charged for that would be neither its own nor exact.
/// </summary>
internal static class AllocationCounter
{
    /// <summary>What may be allocated before the runtime collects after all. Any heap has room for it.</summary>
    private const long Room = 16 << 20;

    /// <summary>Bytes for one operation. An operation that allocates is run less often, so that what it allocates fits.</summary>
    public static double Count(IContender contender, int operations, int rounds)
    {
        double estimate = Count(contender, operations);
        int multiples = operations / contender.Multiple;
        int fitting = (int)Math.Clamp(Room / 2 / Math.Max(estimate * contender.Multiple, 1e-9), 1, multiples) * contender.Multiple;
        double[] bytes = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            bytes[round] = CountUncollected(contender, fitting);
        }

        // The median: what the runtime allocates for reasons of its own hits one round, what an operation does hits all.
        return Quartiles.Of(bytes).Median;
    }

    /// <summary>Where the runtime collects after all, the count is what it is: too high if anything, so that no row passes by it.</summary>
    private static double CountUncollected(IContender contender, int operations)
    {
        bool entered = GC.TryStartNoGCRegion(Room);
        try
        {
            return Count(contender, operations);
        }
        finally
        {
            // A collection ends the mode by itself, and ending it again would throw.
            if (entered && GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
            {
                GC.EndNoGCRegion();
            }
        }
    }

    private static double Count(IContender contender, int operations)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        contender.Run(operations);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)operations;
    }
}
