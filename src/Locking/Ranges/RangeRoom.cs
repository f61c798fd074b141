namespace FastBuffers.Locking;

/// <summary>What a <see cref="RangeTable"/> is short of, allocated outside its lock and brought in afterwards. 0 is nothing.</summary>
internal struct RangeRoom
{
    internal int PageLength;
    internal int ChunkLength;
    internal int OrderLength;

    internal RangeSlot[]? Page { get; private set; }

    internal RangeChunk? Chunk { get; private set; }

    internal long[]? Lowers { get; private set; }

    internal RangeChunk[]? Chunks { get; private set; }

    internal readonly bool IsNone => (PageLength | ChunkLength | OrderLength) == 0;

    internal void Allocate()
    {
        Page = PageLength == 0 ? null : new RangeSlot[PageLength];
        Chunk = ChunkLength == 0 ? null : new RangeChunk(ChunkLength);
        Lowers = OrderLength == 0 ? null : new long[OrderLength];
        Chunks = OrderLength == 0 ? null : new RangeChunk[OrderLength];
    }
}
