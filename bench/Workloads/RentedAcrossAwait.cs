using FastBuffers.Bench.Buffers;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Workloads;

/// <summary>
/// Buffers rented on one thread and after an await returned on the other: there, and the next ones back. With one buffer an await the
/// hop is most of the time, as it is in a program; with many it is not, and the pools show.
/// </summary>
internal sealed class RentedAcrossAwait<TSource, TBuffer>(int length, int depth) : IContender
    where TSource : IBufferSource<TBuffer>
    where TBuffer : struct
{
    private readonly Hop _hop = new();
    private readonly TBuffer[] _buffers = new TBuffer[depth];

    public int Multiple => depth;

    public void Run(int operations) => _hop.Run(() => RunAsync(operations));

    public void Dispose() => _hop.Dispose();

    private async Task RunAsync(int operations)
    {
        for (int done = 0; done < operations; done += depth)
        {
            RentAll();
            await _hop;
            ReturnAll();
        }
    }

    private void RentAll()
    {
        foreach (ref TBuffer buffer in _buffers.AsSpan())
        {
            buffer = TSource.Rent(length);
            Touch.Ends(TSource.Bytes(in buffer));
        }
    }

    private void ReturnAll()
    {
        foreach (ref TBuffer buffer in _buffers.AsSpan())
        {
            TSource.Return(in buffer);
        }
    }
}
