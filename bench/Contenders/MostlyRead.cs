using System.Diagnostics;
using System.Runtime.CompilerServices;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Contenders;

/// <summary>Scoped Read holds of one region that is written now and then, with a bias to readers or without any.</summary>
internal sealed class MostlyRead : IContender
{
    /// <summary>How often the time is looked at.</summary>
    private const int Batch = 1000;

    private readonly Region _region = Region.Allocate(4096);
    private readonly int _readsPerWrite;
    private readonly TimeSpan _betweenWrites;
    private long _written = Stopwatch.GetTimestamp();

    /// <param name="biased">Whether the region may have a bias.</param>
    /// <param name="readsPerWrite">A write comes after so many reads; 0 for never.</param>
    /// <param name="betweenWrites">And after so much time, if it is above 0.</param>
    public MostlyRead(bool biased, int readsPerWrite = 0, TimeSpan betweenWrites = default)
    {
        (_readsPerWrite, _betweenWrites) = (readsPerWrite, betweenWrites);
        if (!biased)
        {
            _region.Tracker.EndBias();
        }
    }

    public void Run(int operations)
    {
        int batch = _readsPerWrite > 0 ? _readsPerWrite : Batch;
        int sum = 0;
        for (int done = 0; done < operations; done += batch)
        {
            sum += Hold(_region, Math.Min(batch, operations - done));
            if (_readsPerWrite > 0 || (_betweenWrites > TimeSpan.Zero && Stopwatch.GetElapsedTime(_written) > _betweenWrites))
            {
                Write(_region);
                _written = Stopwatch.GetTimestamp();
            }
        }

        Touch.Sink = sum;
    }

    public void Dispose() => _region.Dispose();

    private static void Write(Region region)
    {
        using ExclusiveHold hold = region.HoldExclusive();
        Touch.Write(hold.Span);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Hold(Region region, int operations)
    {
        int sum = 0;
        for (int i = 0; i < operations; i++)
        {
            using ReadHold hold = region.HoldRead();
            sum += Touch.Read(hold.Span);
        }

        return sum;
    }
}
