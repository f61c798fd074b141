namespace FastBuffers;

/// <summary>
/// Blocks of hardened rentals: each on pages of its own between guards, mapped for one rental. At its end they become inaccessible, and
/// stay so for some time before they are unmapped. Thread-safe.
/// </summary>
internal sealed class HardenedBlocks : BlockSource
{
    private readonly int _every;
    private readonly int _alignment;
    private readonly QuarantinedPages _quarantine;
    private long _rents;
    private long _made;
    private long _refused;
    private long _blocks;
    private long _bytes;

    internal HardenedBlocks(RegionPool pool, RegionPoolOptions options)
        : base(pool, SizeClasses.Count)
    {
        _every = options.HardenEvery;
        _alignment = Math.Max(options.Alignment, RegionOptions.DefaultAlignment);
        Pages = options.GuardedPages;
        _quarantine = new QuarantinedPages(Pages);
    }

    internal GuardedPages Pages { get; }

    /// <summary>The number of hardened rentals.</summary>
    internal long Made => Volatile.Read(ref _made);

    /// <summary>The number of rentals that were to be hardened, and were not.</summary>
    internal long Refused => Volatile.Read(ref _refused);

    /// <summary>Counts a rental; whether it is one to harden.</summary>
    internal bool IsDue() => (Interlocked.Increment(ref _rents) - 1) % _every == 0;

    /// <summary>Counts a rental that was to be hardened. True for the first.</summary>
    internal bool CountRefused() => Interlocked.Increment(ref _refused) == 1;

    internal override void AddTo(ref long blocks, ref long bytes)
    {
        blocks += Volatile.Read(ref _blocks);
        bytes += Volatile.Read(ref _bytes);
    }

    /// <summary>Makes a block; null when that would exceed the budget, or the mappings that the process may have.</summary>
    /// <param name="length">The number of bytes, more than 0.</param>
    /// <param name="isOverBudget">Whether it was the budget.</param>
    internal Ticket? TryMake(int length, out bool isOverBudget)
    {
        int pageSize = Pages.Memory.PageSize;
        long aligned = (length + (long)_alignment - 1) & -(long)_alignment;
        long bytes = (aligned + pageSize - 1) & -(long)pageSize;
        isOverBudget = !Pool.Budget.TryCharge(bytes);
        if (isOverBudget)
        {
            return null;
        }

        nint pages = Pages.TryMap(bytes);
        if (pages == 0)
        {
            Pool.Budget.Release(bytes);
            return null;
        }

        var slab = new HardenedSlab(this, pages, bytes, _alignment, length);
        slab.Seal();
        Interlocked.Increment(ref _made);
        Interlocked.Increment(ref _blocks);
        Interlocked.Add(ref _bytes, bytes);
        return slab.Make();
    }

    internal override void Return(ReadOnlySpan<Ticket?> blocks)
    {
        foreach (Ticket? block in blocks)
        {
            var slab = (HardenedSlab)Region.OfRental(block!).Slab;
            if (slab.FindDamage() is { } place)
            {
                Pool.OnCorruption(slab.Length, place);
            }

            slab.MakeWritable();
            Bury(slab);
            slab.Push(block!, idleFor: 0);
            slab.DropBlocks();
            Interlocked.Decrement(ref _blocks);
            Interlocked.Add(ref _bytes, -slab.BlockSize);
            Pool.Budget.Release(slab.BlockSize);
        }
    }

    /// <summary>Gives up what is in quarantine, and what will come there.</summary>
    internal void Close() => _quarantine.Close();

    // The memory goes back at once, so that only addresses are in quarantine.
    private void Bury(HardenedSlab slab)
    {
        Pages.Memory.Discard(slab.Pages, slab.BlockSize);
        if (Pages.Memory.Protect(slab.Pages, slab.BlockSize, PageAccess.None))
        {
            _quarantine.Add(slab.Pages, slab.BlockSize);
        }
        else
        {
            Pages.TryUnmap(slab.Pages, slab.BlockSize);
        }
    }
}
