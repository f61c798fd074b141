namespace FastBuffers;

/// <summary>
/// How much a <see cref="RegionPool"/> records to find rentals that were lost. Whatever the level, the memory of a lost rental comes back
/// to the pool, and it is counted; what is recorded makes the report useful.
/// </summary>
public enum LeakDetectionLevel
{
    /// <summary>Nothing is recorded.</summary>
    Off,

    /// <summary>
    /// The stack that rented, for one rental of each 128 of a thread, and at most two in a second. Costs nothing that can be measured.
    /// </summary>
    Sampled,

    /// <summary>The stack that rented, for every rental.</summary>
    Every,

    /// <summary>For every rental and every hold on it, the stacks that took, last touched and released it.</summary>
    EveryWithTouches,
}
