namespace FastBuffers;

/// <summary>
/// Arrays in the pinned heap, one for each block, so that an array belongs to one rental at a time. What is given back is dropped: the
/// garbage collector takes it.
/// </summary>
internal sealed class ArrayMemory : BlockMemory
{
    private volatile bool _isDisposed;

    internal override long RoundUp(long bytes) => bytes;

    internal override int SlabBytes(int blockSize) => blockSize;

    internal override Slab MakeSlab(BlockSource source, long bytes, long blockSize)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new ArraySlab(source, GC.AllocateUninitializedArray<byte>((int)bytes, pinned: true));
    }

    internal override void Free(Slab slab)
    {
    }

    internal override void Discard(nint address, long bytes)
    {
    }

    internal override void Trim()
    {
    }

    public override void Dispose() => _isDisposed = true;
}
