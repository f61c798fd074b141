namespace FastBuffers;

/// <summary>
/// The figures of all pools by name, read once for all instruments that a collector asks in a row, because reading them looks at every bin.
/// Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class PoolReadings(TimeProvider time)
{
    // Longer than a collection takes, and shorter than the pause between two.
    private static readonly TimeSpan s_maxAge = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private ILookup<string, RegionPoolStatistics>? _readings;
    private long _readAt;
    private uint _askedBy;

    /// <summary>Figures for one instrument: never the same ones twice.</summary>
    /// <param name="instrument">The number of the instrument, from 0 to 31.</param>
    internal ILookup<string, RegionPoolStatistics> For(int instrument)
    {
        uint bit = 1u << instrument;
        lock (_lock)
        {
            if (_readings is null || (_askedBy & bit) != 0 || time.GetElapsedTime(_readAt) > s_maxAge)
            {
                _readings = LivingPools.ToList().ToLookup(static pool => pool.Name, static pool => pool.Statistics);
                _readAt = time.GetTimestamp();
                _askedBy = 0;
            }

            _askedBy |= bit;
            return _readings;
        }
    }
}
