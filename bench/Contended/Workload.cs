namespace FastBuffers.Bench.Contended;

/// <summary>Who wants what: so many workers, each of which takes one of so many guards at random, to write or to read.</summary>
/// <param name="Workers">Threads, or tasks for guards that are awaited.</param>
/// <param name="Guards">How many guards there are.</param>
/// <param name="WritePercent">How many operations of a hundred write.</param>
internal sealed record Workload(int Workers, int Guards, int WritePercent)
{
    /// <summary>The next of a worker's operations.</summary>
    /// <param name="state">The worker's own random state (xorshift; Marsaglia, 2003); never 0.</param>
    /// <param name="writes">Whether it writes.</param>
    /// <returns>The guard.</returns>
    internal int Next(ref uint state, out bool writes)
    {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        writes = (state >> 16) % 100 < WritePercent;
        return (int)(state & 0xFFFF) % Guards;
    }
}
