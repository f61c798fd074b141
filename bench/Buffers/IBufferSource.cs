namespace FastBuffers.Bench.Buffers;

/// <summary>
/// Where a workload gets its buffers. Both sides of a row run one loop, compiled for each: a source is a type, and a buffer a struct,
/// because the runtime shares one slower version of the code among all reference types.
/// </summary>
internal interface IBufferSource<TBuffer>
    where TBuffer : struct
{
    static abstract TBuffer Rent(int length);

    static abstract Span<byte> Bytes(in TBuffer buffer);

    static abstract void Return(in TBuffer buffer);
}
