namespace FastBuffers;

/// <summary>What the blocks of a pool are made of. Thread-safe, but for what is said of a slab.</summary>
internal abstract class BlockMemory : IDisposable
{
    /// <summary>The memory of a backing.</summary>
    internal static BlockMemory Create(PoolBacking backing) =>
        backing == PoolBacking.PinnedHeap ? new ArrayMemory() : new PageMemory(new PageHeap(SystemMemory.Current));

    /// <summary>The bytes that are mapped for blocks, in use or not; 0 for what the garbage collector has.</summary>
    internal virtual long MappedBytes => 0;

    /// <summary>What a length takes that has no size class, in bytes.</summary>
    internal abstract long RoundUp(long bytes);

    /// <summary>How many bytes to ask for at a time to make blocks of a size: a multiple of it.</summary>
    internal abstract int SlabBytes(int blockSize);

    /// <summary>Takes memory for blocks.</summary>
    /// <param name="source">Whose blocks they are.</param>
    /// <param name="bytes">A multiple of the size.</param>
    /// <param name="blockSize">The size of each.</param>
    /// <exception cref="OutOfMemoryException">There is none.</exception>
    internal abstract Slab MakeSlab(BlockSource source, long bytes, long blockSize);

    /// <summary>Takes a slab back that nobody uses.</summary>
    internal abstract void Free(Slab slab);

    /// <summary>Gives what is inside a block back to the system, at the price of its content.</summary>
    internal abstract void Discard(nint address, long bytes);

    /// <summary>Gives back what is free.</summary>
    internal abstract void Trim();

    /// <summary>Ends making slabs. Those that are out stay valid.</summary>
    public abstract void Dispose();
}
