using System.Diagnostics;

namespace FastBuffers;

// Hardened rentals. The caches of threads are shut in a pool that has any, so that every rental comes to where it is decided.
public sealed partial class RegionPool
{
    private readonly HardenedBlocks? _hardened;

    /// <summary>Whether some rentals are hardened.</summary>
    internal bool IsHardened => _hardened is not null;

    /// <summary>Ends the process, because memory beside a hardened rental was written, which may be another's elsewhere.</summary>
    /// <param name="length">The length of the rental.</param>
    /// <param name="place">Where it was written, in words.</param>
    internal void OnCorruption(int length, string place) => Environment.FailFast(PoolErrors.Corrupted(Name, length, place));

    // The block for a rental that is due to be hardened, if it can be. Once more after what is cached was given back.
    private Ticket? TakeHardened(HardenedBlocks hardened, int length)
    {
        if (!hardened.IsDue())
        {
            return null;
        }

        StartTimer();
        Ticket? block = hardened.TryMake(length, out bool isOverBudget);
        if (isOverBudget)
        {
            TakeBack(idleOnly: false);
            block = hardened.TryMake(length, out _);
        }

        NotePeak();
        if (block is null && hardened.CountRefused())
        {
            Trace.TraceWarning(PoolErrors.NotHardened(Name, length, isOverBudget));
        }

        return block;
    }
}
