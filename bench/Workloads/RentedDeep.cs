using FastBuffers.Bench.Buffers;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Workloads;

/// <summary>Many buffers at a time: that many rented and touched, then all returned, on one thread. An operation is one buffer.</summary>
internal sealed class RentedDeep<TSource, TBuffer>(int length, int depth) : IContender
    where TSource : IBufferSource<TBuffer>
    where TBuffer : struct
{
    private readonly TBuffer[] _buffers = new TBuffer[depth];

    public int Multiple => depth;

    public void Run(int operations)
    {
        TBuffer[] buffers = _buffers;
        for (int done = 0; done < operations; done += buffers.Length)
        {
            foreach (ref TBuffer buffer in buffers.AsSpan())
            {
                buffer = TSource.Rent(length);
                Touch.Ends(TSource.Bytes(in buffer));
            }

            foreach (ref TBuffer buffer in buffers.AsSpan())
            {
                TSource.Return(in buffer);
            }
        }
    }

    public void Dispose()
    {
    }
}
