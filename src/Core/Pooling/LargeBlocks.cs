namespace FastBuffers;

/// <summary>
/// Blocks that are longer than all size classes: taken for one rental, and given back at its end. Thread-safe.
/// </summary>
internal sealed class LargeBlocks(RegionPool pool) : BlockSource(pool, SizeClasses.Count)
{
    private long _blocks;
    private long _bytes;

    internal override void AddTo(ref long blocks, ref long bytes)
    {
        blocks += Volatile.Read(ref _blocks);
        bytes += Volatile.Read(ref _bytes);
    }

    /// <summary>Makes a block; null when that would exceed the budget.</summary>
    /// <param name="length">The number of bytes.</param>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    internal Ticket? TryMake(int length)
    {
        long bytes = Pool.Memory.RoundUp(length);
        if (!Pool.Budget.TryCharge(bytes))
        {
            return null;
        }

        try
        {
            Ticket block = Pool.Memory.MakeSlab(this, bytes, bytes).Make();
            Interlocked.Increment(ref _blocks);
            Interlocked.Add(ref _bytes, bytes);
            return block;
        }
        catch
        {
            Pool.Budget.Release(bytes);
            throw;
        }
    }

    internal override void Return(ReadOnlySpan<Ticket?> blocks)
    {
        foreach (Ticket? block in blocks)
        {
            Slab slab = Region.OfRental(block!).Slab;
            Pool.Memory.Free(slab);
            Interlocked.Decrement(ref _blocks);
            Interlocked.Add(ref _bytes, -slab.BlockSize);
            Pool.Budget.Release(slab.BlockSize);
        }
    }
}
