using FastBuffers.Bench.Buffers;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Workloads;

/// <summary>One buffer at a time, rented on one thread and after an await returned on the other: there, and the next one back.</summary>
internal sealed class RentedAcrossAwait<TSource, TBuffer>(int length) : IContender
    where TSource : IBufferSource<TBuffer>
    where TBuffer : struct
{
    private readonly Hop _hop = new();

    public void Run(int operations) => _hop.Run(() => RunAsync(operations));

    public void Dispose() => _hop.Dispose();

    private async Task RunAsync(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            TBuffer buffer = TSource.Rent(length);
            Touch.Ends(TSource.Bytes(in buffer));
            await _hop;
            TSource.Return(in buffer);
        }
    }
}
