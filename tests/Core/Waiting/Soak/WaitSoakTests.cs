using System.Diagnostics;
using System.Globalization;

namespace FastBuffers.Tests.Waiting.Soak;

/// <summary>
/// Threads and tasks that take, wait, give up, change and end, on a few regions that are resized, frozen and replaced: the bytes say whether
/// a hold was worth anything, a watchdog whether somebody was left behind. FASTBUFFERS_SOAK_SECONDS is how long, 3 by default.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed class WaitSoakTests
{
    private const int Threads = 4;
    private const int Tasks = 6;

    private static readonly double s_seconds =
        double.Parse(Environment.GetEnvironmentVariable("FASTBUFFERS_SOAK_SECONDS") ?? "3", CultureInfo.InvariantCulture);

    // Each of these has to happen, or the run has shown less than it says.
    private static readonly string[] s_expected =
    [
        "BufferConflictException", "BufferException", "Exclusive taken", "Immutable taken", "ObjectDisposedException",
        "OperationCanceledException", "Read taken", "TimeoutException", "Write taken", "downgraded", "frozen", "not resized", "not upgraded",
        "refused", "region replaced", "region resized", "resized", "several taken", "shared", "split", "upgraded",
    ];

    private readonly LockManager _manager = new();

    [Fact]
    public async Task Holds_keep_their_promises_and_nobody_is_left_behind()
    {
        // What other tests have dropped is found before.
        DiagnosticsWatch.CollectUntil(static () => false);
        using var watch = new DiagnosticsWatch();
        int seed = Environment.TickCount;
        long end = Stopwatch.GetTimestamp() + (long)(s_seconds * Stopwatch.Frequency);
        var regions = new SoakRegions();
        using var watchdog = new Watchdog(Threads + Tasks, TimeSpan.FromSeconds(10), regions.Describe);
        SoakWorker[] workers = [.. Enumerable.Range(0, Threads + Tasks).Select(number => new SoakWorker(
            regions, _manager, seed + number, number < Threads, what => watchdog.Begin(number, what)))];
        Task all = Task.WhenAll(workers.Select((worker, number) => number < Threads
            ? Task.Factory.StartNew(
                () => WorkAsync(worker, number).GetAwaiter().GetResult(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : Task.Run(() => WorkAsync(worker, number))));

        Task first = await Task.WhenAny(all, watchdog.Hang);
        Assert.True(first == all, first == all ? "" : $"Seed {seed}. {await watchdog.Hang}");
        await all;
        regions.Dispose();
        var tally = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach ((string what, long count) in workers.SelectMany(static worker => worker.Tally))
        {
            tally[what] = tally.GetValueOrDefault(what) + count;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', tally.Select(static pair => $"{pair.Key}: {pair.Value}")));
        Assert.Empty(s_expected.Except(tally.Keys));
        Assert.Equal(0, _manager.Waiters);
        Assert.Equal(0, watch.DoubleReleases);
        DiagnosticsWatch.CollectUntil(static () => false);
        Assert.Equal(0, watch.Leaks);

        async Task WorkAsync(SoakWorker worker, int number)
        {
            while (Stopwatch.GetTimestamp() < end && !watchdog.Hang.IsCompleted)
            {
                await worker.TurnAsync();
            }

            watchdog.Finish(number);
        }
    }
}
