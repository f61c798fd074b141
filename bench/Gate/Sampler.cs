using System.Diagnostics;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace FastBuffers.Bench.Gate;

/// <summary>
/// Times two contenders side by side: both warm, in one process, in short samples that take turns, so that whatever disturbs the
/// machine disturbs both. The ratio is taken within a round and the median over the rounds.
/// </summary>
internal static class Sampler
{
    /// <summary>The runtime counts 30 calls of a method before it compiles it better, and with profiling does so twice.</summary>
    private const int CallsPerPhase = 40;

    /// <summary>Longer than the 100 ms for which the runtime waits before it compiles in the background.</summary>
    private static readonly TimeSpan s_tieringPause = TimeSpan.FromMilliseconds(130);

    /// <summary>A contender that never stops compiling is measured as it is.</summary>
    private const int MaxPhases = 25;

    public static Measurement Measure(Target target, Sampling sampling)
    {
        using IContender ours = target.Ours();
        using IContender? peer = target.Peer?.Invoke();
        WarmUp(ours, peer);
        int oursCount = Calibrate(ours, sampling.Sample);
        int peerCount = peer is null ? 0 : Calibrate(peer, sampling.Sample);

        double[] oursTimes = new double[sampling.Rounds];
        double[] peerTimes = new double[sampling.Rounds];
        GC.Collect();
        GC.WaitForPendingFinalizers();
        for (int round = 0; round < sampling.Rounds; round++)
        {
            // Taking turns at going first, so that neither side always runs in the other's wake.
            bool peerFirst = (round & 1) != 0;
            if (peer is not null && peerFirst)
            {
                peerTimes[round] = Time(peer, peerCount, target.ProcessorTime);
            }

            oursTimes[round] = Time(ours, oursCount, target.ProcessorTime);
            if (peer is not null && !peerFirst)
            {
                peerTimes[round] = Time(peer, peerCount, target.ProcessorTime);
            }
        }

        return new Measurement(
            Quartiles.Of(oursTimes),
            peer is null ? null : Quartiles.Of(peerTimes),
            peer is null ? null : Quartiles.Of(oursTimes.Zip(peerTimes, (mine, theirs) => mine / theirs)),
            AllocationCounter.Count(ours, oursCount, sampling.Rounds));
    }

    /// <summary>Runs both until the runtime has nothing left to compile, and so until the code is the one that stays.</summary>
    private static void WarmUp(IContender ours, IContender? peer)
    {
        TimeSpan brief = TimeSpan.FromMicroseconds(200);
        int oursCount = Calibrate(ours, brief);
        int peerCount = peer is null ? 0 : Calibrate(peer, brief);
        int quiet = 0;
        for (int phase = 0; phase < MaxPhases && quiet < 2; phase++)
        {
            long compiled = JitInfo.GetCompiledMethodCount();
            for (int call = 0; call < CallsPerPhase; call++)
            {
                ours.Run(oursCount);
                peer?.Run(peerCount);
            }

            Thread.Sleep(s_tieringPause);
            quiet = JitInfo.GetCompiledMethodCount() == compiled ? quiet + 1 : 0;
        }
    }

    /// <summary>The number of operations, a multiple of the contender's, that take about <paramref name="duration"/>.</summary>
    private static int Calibrate(IContender contender, TimeSpan duration)
    {
        int count = contender.Multiple;
        while (true)
        {
            double took = Time(contender, count, processorTime: false) * count;
            double wanted = duration.TotalNanoseconds;
            if (took >= wanted / 2 || count > int.MaxValue / 2)
            {
                double multiples = count / contender.Multiple * (wanted / Math.Max(took, 1));
                return (int)Math.Clamp(multiples, 1, int.MaxValue / contender.Multiple) * contender.Multiple;
            }

            count *= 2;
        }
    }

    /// <summary>Nanoseconds for one operation. Not optimised, so that the contender's loop is called and never inlined here.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static double Time(IContender contender, int operations, bool processorTime)
    {
        TimeSpan used = processorTime ? Environment.CpuUsage.TotalTime : default;
        long start = Stopwatch.GetTimestamp();
        contender.Run(operations);
        TimeSpan took = processorTime ? (Environment.CpuUsage.TotalTime - used) / contender.Threads : Stopwatch.GetElapsedTime(start);
        return took.TotalNanoseconds / operations;
    }
}
