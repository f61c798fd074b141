using System.Diagnostics;

namespace FastBuffers.Bench.Contended;

/// <summary>One go at a workload: all workers together, for some time.</summary>
/// <param name="workload">The workload.</param>
/// <param name="isTimed">Whether each operation is timed, which slows all of them down.</param>
internal sealed class Run(Workload workload, bool isTimed)
{
    private readonly long[] _operations = new long[workload.Workers];
    private readonly long[] _longest = new long[workload.Workers];
    private volatile bool _isOver;

    /// <summary>Operations per microsecond, of all workers.</summary>
    internal double PerMicrosecond { get; private set; }

    /// <summary>How long the longest operation took, if they were timed.</summary>
    internal TimeSpan Longest => Stopwatch.GetElapsedTime(0, _longest.Max());

    /// <summary>On a thread for each worker.</summary>
    internal Run Measure<T>(T[] guards, TimeSpan time)
        where T : struct, IGuard => Measure(time, worker => Task.Factory.StartNew(
            () => Work(guards, worker), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));

    /// <summary>On a task for each worker.</summary>
    internal Run MeasureAsync<T>(T[] guards, TimeSpan time)
        where T : struct, IAsyncGuard => Measure(time, worker => Task.Run(() => WorkAsync(guards, worker)));

    private Run Measure(TimeSpan time, Func<int, Task> start)
    {
        long began = Stopwatch.GetTimestamp();
        Task[] workers = [.. Enumerable.Range(0, workload.Workers).Select(start)];
        Thread.Sleep(time);
        _isOver = true;
        Task.WaitAll(workers);
        PerMicrosecond = _operations.Sum() / Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        return this;
    }

    private void Work<T>(T[] guards, int worker)
        where T : struct, IGuard
    {
        uint state = Seed(worker);
        long operations = 0;
        long last = Stopwatch.GetTimestamp();
        for (; !_isOver; operations++)
        {
            int guard = workload.Next(ref state, out bool writes);
            if (writes)
            {
                guards[guard].Write();
            }
            else
            {
                guards[guard].Read();
            }

            Time(worker, ref last);
        }

        _operations[worker] = operations;
    }

    private async Task WorkAsync<T>(T[] guards, int worker)
        where T : struct, IAsyncGuard
    {
        uint state = Seed(worker);
        long operations = 0;
        long last = Stopwatch.GetTimestamp();
        for (; !_isOver; operations++)
        {
            int guard = workload.Next(ref state, out bool writes);
            if (writes)
            {
                await guards[guard].WriteAsync().ConfigureAwait(false);
            }
            else
            {
                await guards[guard].ReadAsync().ConfigureAwait(false);
            }

            Time(worker, ref last);
        }

        _operations[worker] = operations;
    }

    private void Time(int worker, ref long last)
    {
        if (isTimed)
        {
            long now = Stopwatch.GetTimestamp();
            _longest[worker] = Math.Max(_longest[worker], now - last);
            last = now;
        }
    }

    private static uint Seed(int worker) => 0x9E3779B9 * (uint)(worker + 1);
}
