namespace FastBuffers;

/// <summary>Where blocks of a pool are from, and go back to.</summary>
/// <param name="pool">The pool.</param>
/// <param name="index">The size class; <see cref="SizeClasses.Count"/> for what has none.</param>
internal abstract class BlockSource(RegionPool pool, int index)
{
    internal RegionPool Pool { get; } = pool;

    internal int Index { get; } = index;

    /// <summary>The shelf of a thread's cache that the blocks belong on: the last one when no thread keeps them.</summary>
    internal int Shelf => Math.Min(Index, SizeClasses.ThreadCount);

    /// <summary>Adds the number of the blocks that are not here, because they are rented or cached by threads, and of their bytes.</summary>
    internal abstract void AddTo(ref long blocks, ref long bytes);

    /// <summary>Takes a block back where it can be had again the quickest; false when there is no such place, or no room.</summary>
    internal virtual bool TryPutHot(Ticket block) => false;

    /// <summary>Takes blocks back.</summary>
    internal abstract void Return(ReadOnlySpan<Ticket?> blocks);
}
