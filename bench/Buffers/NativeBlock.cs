namespace FastBuffers.Bench.Buffers;

internal readonly unsafe struct NativeBlock(void* start, int length)
{
    public void* Start => start;

    public int Length => length;
}
