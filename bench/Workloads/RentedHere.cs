using FastBuffers.Bench.Buffers;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Workloads;

/// <summary>One buffer at a time: rented, touched at both ends, returned, on one thread.</summary>
internal sealed class RentedHere<TSource, TBuffer>(int length) : IContender
    where TSource : IBufferSource<TBuffer>
    where TBuffer : struct
{
    public void Run(int operations)
    {
        int bytes = length;
        for (int i = 0; i < operations; i++)
        {
            TBuffer buffer = TSource.Rent(bytes);
            Touch.Ends(TSource.Bytes(in buffer));
            TSource.Return(in buffer);
        }
    }

    public void Dispose()
    {
    }
}
