namespace FastBuffers;

/// <summary>The pools of this process that have not ended, for those who read figures of all. Keeps none alive. Thread-safe.</summary>
internal static class LivingPools
{
    private static readonly List<WeakReference<RegionPool>> s_pools = [];

    /// <summary>Adds a new pool, and begins to offer figures with the first one.</summary>
    internal static void Add(RegionPool pool)
    {
        lock (s_pools)
        {
            s_pools.Add(new WeakReference<RegionPool>(pool));
        }

        PoolMeter.Start();
    }

    /// <summary>Removes a pool that ends, and those that have been collected.</summary>
    internal static void Remove(RegionPool pool)
    {
        lock (s_pools)
        {
            s_pools.RemoveAll(reference => !reference.TryGetTarget(out RegionPool? other) || ReferenceEquals(other, pool));
        }
    }

    /// <summary>Those of now.</summary>
    internal static List<RegionPool> ToList()
    {
        List<RegionPool> pools = [];
        lock (s_pools)
        {
            foreach (WeakReference<RegionPool> reference in s_pools)
            {
                if (reference.TryGetTarget(out RegionPool? pool))
                {
                    pools.Add(pool);
                }
            }
        }

        return pools;
    }
}
