namespace FastBuffers;

/// <summary>
/// Figures of a <see cref="RegionPool"/>, in bytes of whole blocks. They are read one after the other while others rent and return, and
/// so add up exactly only when nobody does.
/// </summary>
public readonly record struct RegionPoolStatistics
{
    /// <summary>The bytes that are rented now.</summary>
    public long RentedBytes { get; init; }

    /// <summary>The bytes that wait for the next rental, in the caches of threads and behind them.</summary>
    public long CachedBytes { get; init; }

    /// <summary>The bytes that the pool has taken from the system for blocks: rented and cached.</summary>
    public long ReservedBytes { get; init; }

    /// <summary>The most bytes that were seen rented at a time: looked at when blocks are made, and here.</summary>
    public long PeakRentedBytes { get; init; }

    /// <summary>The number of rentals so far.</summary>
    public long Rents { get; init; }

    /// <summary>The number of rentals that have ended.</summary>
    public long Returns { get; init; }

    /// <summary>The number of rentals for which the thread had no block at hand.</summary>
    public long Misses { get; init; }

    /// <summary>How often idle memory was given back to the system.</summary>
    public long Trims { get; init; }

    /// <summary>The number of rentals that were lost: dropped without being returned.</summary>
    public long Leaks { get; init; }

    /// <summary>
    /// The number of times that the lease of a rental was released which had been released before. Those of its shares and parts are in
    /// <see cref="HoldDiagnostics.DoubleReleases"/> only.
    /// </summary>
    public long DoubleReturns { get; init; }

    /// <summary>The number of rentals that had to wait.</summary>
    public long Waits { get; init; }

    /// <summary>The number of hardened rentals so far: see <see cref="RegionPoolOptions.HardenEvery"/>.</summary>
    public long HardenedRents { get; init; }

    /// <summary>The number of rentals that were to be hardened and were ordinary ones instead.</summary>
    public long HardeningRefusals { get; init; }

    /// <summary>How often the array behind a rental was got from its memory: see <see cref="PoolBacking.PinnedHeap"/>.</summary>
    public long ArrayEscapes { get; init; }
}
