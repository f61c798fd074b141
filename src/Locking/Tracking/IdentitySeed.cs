namespace FastBuffers.Locking;

/// <summary>
/// Where the numbers of identities start: elsewhere in every domain and every ticket, so that a torn copy of a lease, the source of
/// one with the number of another, does not find the same number there by chance.
/// </summary>
internal static class IdentitySeed
{
    private static long s_count;

    /// <summary>The next of a sequence that visits all 64-bit numbers in scattered order (Steele, Lea and Flood, "SplitMix", 2014).</summary>
    internal static long Next()
    {
        ulong mixed = (ulong)Interlocked.Increment(ref s_count) * 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (long)(mixed ^ (mixed >> 31));
    }
}
