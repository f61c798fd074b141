namespace FastBuffers.Bench.Buffers;

internal readonly struct SharedArray(byte[] bytes)
{
    public byte[] Bytes { get; } = bytes;
}
