namespace FastBuffers;

/// <summary>Native pages, several blocks on each or several pages for each.</summary>
internal sealed class PageMemory(PageHeap heap) : BlockMemory
{
    /// <summary>Below this a slab is several times as long as its pages ask for, so that pages are not asked for often.</summary>
    private const int MinSlabBytes = 32 << 10;

    internal override long MappedBytes => heap.MappedBytes;

    internal override long RoundUp(long bytes) => heap.RoundUp(bytes);

    // The shortest run of blocks that fills pages without rest, or some of those runs.
    internal override int SlabBytes(int blockSize)
    {
        int run = blockSize;
        while (run % heap.PageSize != 0)
        {
            run += blockSize;
        }

        return run * Math.Max(1, MinSlabBytes / run);
    }

    internal override Slab MakeSlab(BlockSource source, long bytes, long blockSize) =>
        new(source, heap.Allocate(bytes), (int)(bytes / blockSize), blockSize);

    internal override void Free(Slab slab) => heap.Free(slab.Address, slab.Bytes);

    internal override void Discard(nint address, long bytes) => heap.DiscardInside(address, bytes);

    internal override void Trim() => heap.Trim();

    public override void Dispose() => heap.Dispose();
}
