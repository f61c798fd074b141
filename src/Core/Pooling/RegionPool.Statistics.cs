namespace FastBuffers;

// Figures.
public sealed partial class RegionPool
{
    // Counting takes a look at every bin: done again when there is so much more, as a shift.
    private const int PeakStepShift = 6;

    private long _peakRented;
    private long _chargedAtPeak;
    private long _trims;
    private long _misses;

    private long _arrayEscapes;

    // Of caches whose threads have ended.
    private long _endedRents;

    /// <summary>Figures of now.</summary>
    public RegionPoolStatistics Statistics
    {
        get
        {
            long reserved = Budget.Charged;
            Count(out long rents, out long rented, out long rentedBytes);
            RaisePeak(rentedBytes);
            return new RegionPoolStatistics
            {
                RentedBytes = rentedBytes,
                CachedBytes = Math.Max(0, reserved - rentedBytes),
                ReservedBytes = reserved,
                PeakRentedBytes = Volatile.Read(ref _peakRented),
                Rents = rents,
                Returns = Math.Max(0, rents - rented),
                Misses = Volatile.Read(ref _misses),
                Trims = Volatile.Read(ref _trims),
                Leaks = Volatile.Read(ref _leaks),
                DoubleReturns = Volatile.Read(ref _doubleReturns),
                Waits = _queue.Waits,
                ArrayEscapes = Volatile.Read(ref _arrayEscapes),
                HardenedRents = _hardened?.Made ?? 0,
                HardeningRefusals = _hardened?.Refused ?? 0,
            };
        }
    }

    /// <summary>Counts that somebody got the array behind a rental.</summary>
    internal void OnArrayEscape() => Interlocked.Increment(ref _arrayEscapes);

    // When memory was taken, so that much may be rented as never before.
    private void NotePeak()
    {
        long charged = Budget.Charged;
        long before = Volatile.Read(ref _chargedAtPeak);
        if (charged - before > before >> PeakStepShift)
        {
            Volatile.Write(ref _chargedAtPeak, charged);
            Count(out _, out _, out long rentedBytes);
            RaisePeak(rentedBytes);
        }
    }

    private void RaisePeak(long rentedBytes)
    {
        long peak = Volatile.Read(ref _peakRented);
        while (rentedBytes > peak)
        {
            long seen = Interlocked.CompareExchange(ref _peakRented, rentedBytes, peak);
            peak = seen == peak ? rentedBytes : seen;
        }
    }

    private void Count(out long rents, out long rented, out long rentedBytes)
    {
        rented = rentedBytes = 0;
        _large.AddTo(ref rented, ref rentedBytes);
        _hardened?.AddTo(ref rented, ref rentedBytes);
        foreach (BlockBin bin in _bins)
        {
            bin.AddTo(ref rented, ref rentedBytes);
        }

        long cached = 0;
        long cachedBytes = 0;
        lock (_caches)
        {
            rents = _endedRents;
            foreach (ThreadCache cache in _caches)
            {
                rents += cache.Rents;
                cache.AddTo(ref cached, ref cachedBytes);
            }
        }

        rented = Math.Max(0, rented - cached);
        rentedBytes = Math.Max(0, rentedBytes - cachedBytes);
    }
}
