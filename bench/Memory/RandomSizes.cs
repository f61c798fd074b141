using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Memory;

/// <summary>
/// Two threads that replace leases in one table, of random sizes at random places, so that half of them are returned by the other thread.
/// What the pool reserves is compared with the bytes that were asked for and not returned, counted here and not by the pool.
/// </summary>
internal sealed class RandomSizes
{
    private const int Threads = 2;
    private const int Places = 512;
    private const int Replacements = 100_000;
    private const int LookEvery = 500;
    private const int MinLength = 64;
    private const int MaxLength = 1 << 20;
    private const long SlackOfThread = 256 * 1024;

    private readonly RegionPool _pool;
    private readonly Lease[] _leases = new Lease[Places];
    private readonly int[] _lengths = new int[Places];
    private readonly Lock _lock = new();
    private long _rented;
    private long _peakRented;
    private long _peakReserved;

    private RandomSizes(RegionPool pool) => _pool = pool;

    public static MemoryUse Run()
    {
        using var pool = new RegionPool();
        var workload = new RandomSizes(pool);
        using (var partner = new Partner(() => workload.Replace(seed: 1)))
        {
            partner.Start();
            workload.Replace(seed: 2);
            partner.Finish();
        }

        foreach (Lease lease in workload._leases)
        {
            lease.Dispose();
        }

        workload.Look();
        return new MemoryUse(
            workload._peakReserved,
            (workload._peakRented * 5 / 4) + (Threads * SlackOfThread),
            $"{workload._peakRented / 1024:N0} KiB asked for at the most, {pool.Statistics.PeakRentedBytes / 1024:N0} KiB in the pool's blocks");
    }

    private void Replace(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < Replacements; i++)
        {
            // As many of each order of magnitude.
            int length = (int)(MinLength * Math.Pow(MaxLength / MinLength, random.NextDouble()));
            Lease old = Swap(random.Next(Places), length);
            old.Dispose();
            if (i % LookEvery == 0)
            {
                Look();
            }
        }
    }

    /// <summary>The old lease is disposed by the caller, so that two threads are in the pool at once.</summary>
    private Lease Swap(int place, int length)
    {
        Lease rented = _pool.Rent(length);
        Touch.Ends(rented.Span);
        lock (_lock)
        {
            Lease old = _leases[place];
            _leases[place] = rented;

            // Both are out now: the old one is not yet returned.
            _rented += length;
            _peakRented = Math.Max(_peakRented, _rented);
            _rented -= _lengths[place];
            _lengths[place] = length;
            return old;
        }
    }

    private void Look()
    {
        lock (_lock)
        {
            long reserved = _pool.Statistics.ReservedBytes;
            if (reserved < _rented)
            {
                throw new InvalidOperationException($"{_rented} bytes are rented, and the pool says that it has reserved {reserved}.");
            }

            _peakReserved = Math.Max(_peakReserved, reserved);
        }
    }
}
