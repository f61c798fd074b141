namespace FastBuffers.Locking.Tests.Ranges;

public sealed class InterruptTests
{
    [Fact]
    public void A_thread_interrupted_while_it_waits_to_release_a_part_has_released_it_and_hears_of_it_afterwards()
    {
        var tracker = new HoldTracker(100);
        Assert.True(tracker.TryTake(HoldKind.Read, 0, 10, out HoldToken token));
        RangeTable ranges = tracker.Tracker.Ranges!;
        Exception? atRelease = null, afterwards = null;
        var thread = new Thread(() =>
        {
            atRelease = Record.Exception(() => token.TryRelease());
            afterwards = Record.Exception(static () => Thread.Sleep(Timeout.Infinite));
        });

        ranges.Enter();
        thread.Start();
        thread.Interrupt();
        Thread.Sleep(50);
        ranges.Exit();
        thread.Join();

        Assert.Null(atRelease);
        Assert.IsType<ThreadInterruptedException>(afterwards);
        Assert.Equal(default, tracker.Snapshot());
    }
}
