namespace FastBuffers.Tests.Pooling.Model;

/// <summary>What docs/internals.md says about the sizes of blocks, counted up from the smallest.</summary>
internal static class BlockSizes
{
    internal static readonly int[] All = [.. Count()];

    /// <summary>The number of bytes that a rental is charged for.</summary>
    internal static long Of(int length, PoolCase pool)
    {
        if (length == 0)
        {
            return 0;
        }

        foreach (int size in All)
        {
            if (length <= size)
            {
                return RoundUp(size, Math.Max(64, pool.Alignment));
            }
        }

        return pool.Backing == PoolBacking.PinnedHeap ? length : RoundUp(length, Environment.SystemPageSize);
    }

    private static IEnumerable<int> Count()
    {
        for (int size = 64; size <= 4 << 20; size += size < 1024 ? 64 : Doubling(size) / 8)
        {
            yield return size;
        }
    }

    // Of those that begin at 1 KiB, the one that a size is in.
    private static int Doubling(int size)
    {
        int start = 1024;
        while (start * 2 <= size)
        {
            start *= 2;
        }

        return start;
    }

    private static long RoundUp(long bytes, long unit) => (bytes + unit - 1) / unit * unit;
}
