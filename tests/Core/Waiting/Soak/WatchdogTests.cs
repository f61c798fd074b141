namespace FastBuffers.Tests.Waiting.Soak;

/// <summary>The watchdog of the soak barks when somebody hangs, and says who is in the way of whom; else it does not.</summary>
[Collection(ProcessWide.Name)]
public sealed class WatchdogTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(400);

    [Fact]
    public async Task A_hang_is_reported_with_holders_and_waiters()
    {
        using var regions = new SoakRegions();
        using var watchdog = new Watchdog(2, s_patience, regions.Describe);
        Lease forgotten = regions[1].Slice(10, 10).Take(HoldKind.Exclusive);
        watchdog.Begin(1, "wants 15");
        Task<Lease> left = Task.Run(async () => await regions[1].Slice(15, 1).AcquireAsync(HoldKind.Write));
        int turns = 0;
        while (!watchdog.Hang.IsCompleted)
        {
            // Somebody else who comes on is no excuse.
            watchdog.Begin(0, $"goes on {turns++}");
            await Task.Delay(5);
        }

        string report = await watchdog.Hang;
        Assert.Contains("worker 1, who does not come on, turn 1: wants 15\n", report, StringComparison.Ordinal);
        Assert.Contains("worker 0, turn ", report, StringComparison.Ordinal);
        Assert.Contains("  held: Exclusive [10;20)\n", report, StringComparison.Ordinal);
        Assert.Matches(@"waits for \d+ ms: Write \[15;16\) of region 1\n", report);
        forgotten.Dispose();
        (await left).Dispose();
    }

    [Fact]
    public async Task Who_comes_on_or_has_finished_does_not_hang()
    {
        using var watchdog = new Watchdog(2, s_patience, static () => "");
        watchdog.Finish(1);
        for (int i = 0; i < 200; i++)
        {
            watchdog.Begin(0, "goes on");
            await Task.Delay(5);
        }

        Assert.False(watchdog.Hang.IsCompleted);
    }
}
