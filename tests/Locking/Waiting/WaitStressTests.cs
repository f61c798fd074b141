using System.Diagnostics;

namespace FastBuffers.Locking.Tests.Waiting;

/// <summary>Real threads that wait, give up, pass and release: what they hold never conflicts, and nobody is left behind.</summary>
[Collection(ProcessWide.Name)]
public sealed class WaitStressTests
{
    private const int Bytes = 16;

    [Fact]
    public void Threads_that_wait_give_up_and_release_never_hold_what_conflicts_and_never_hang()
    {
        var tracker = new HoldTracker(Bytes);
        var manager = new LockManager();
        int[,] holders = new int[Bytes, 4];
        int seed = Environment.TickCount;
        long[] ends = new long[3];
        var clock = Stopwatch.StartNew();
        Task[] threads = [.. Enumerable.Range(0, 8).Select(number => Task.Factory.StartNew(
            () =>
            {
                var random = new Random(seed + number);
                while (clock.ElapsedMilliseconds < 2_500)
                {
                    Turn(random);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];

        // The watchdog: a hang says who holds and who waits.
        Assert.True(Task.WaitAll(threads, TimeSpan.FromSeconds(60)), $"Seed {seed}: {tracker.Snapshot()}: {string.Join(", ", tracker.GetHolds())}");
        Assert.All(ends, end => Assert.True(end > 10, $"Seed {seed}: {string.Join(", ", ends)} holds, time-outs, cancellations."));
        Assert.Equal(0, manager.Waiters);
        Assert.Equal(default, tracker.Snapshot());
        tracker.HasNoWaiters();

        void Turn(Random random)
        {
            int kind = random.Next(4);
            int start = random.Next(Bytes);
            int length = random.Next(4) == 0 ? 0 : 1 + random.Next(Bytes - start);
            HoldToken token;
            try
            {
                switch (random.Next(5))
                {
                    case 0:
                        (start, length) = (0, Bytes);
                        token = manager.Acquire(tracker, Kinds.All[kind]);
                        break;
                    case 1 when manager.TryAcquire(tracker, Kinds.All[kind], start, length, TimeSpan.FromMilliseconds(random.Next(2)), out token):
                        break;
                    case 1:
                        Interlocked.Increment(ref ends[1]);
                        return;
                    case 2:
                        using (var source = new CancellationTokenSource())
                        {
                            ValueTask<HoldToken> wait = manager.AcquireAsync(tracker, Kinds.All[kind], start, length, source.Token);
                            Thread.SpinWait(random.Next(500));
                            source.Cancel();
                            token = wait.AsTask().GetAwaiter().GetResult();
                        }

                        break;
                    case 3 when tracker.TryTake(Kinds.All[kind], start, length, out token):
                        break;
                    case 3:
                        return;
                    default:
                        token = manager.AcquireAsync(tracker, Kinds.All[kind], start, length).AsTask().GetAwaiter().GetResult();
                        break;
                }
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref ends[2]);
                return;
            }

            Interlocked.Increment(ref ends[0]);
            Hold(kind, start, length, random);
            if (kind == 3 && random.Next(2) == 0)
            {
                // Counted out and in again beside others who may come between, which is allowed.
                token = token.Downgrade(Kinds.All[kind = random.Next(3)]);
                Hold(kind, start, length, random);
            }

            Assert.True(token.TryRelease(), $"Seed {seed}: somebody else ended a hold.");
        }

        void Hold(int kind, int start, int length, Random random)
        {
            for (int i = start; i < start + length; i++)
            {
                Interlocked.Increment(ref holders[i, kind]);
            }

            Thread.SpinWait(random.Next(50));
            for (int i = start; i < start + length; i++)
            {
                for (int other = 0; other < 4; other++)
                {
                    int count = Volatile.Read(ref holders[i, other]) - (other == kind ? 1 : 0);
                    Assert.True(count == 0 || !Kinds.Conflict(Kinds.All[kind], Kinds.All[other]), $"Seed {seed}: {Kinds.All[kind]} beside {Kinds.All[other]}.");
                }

                Interlocked.Decrement(ref holders[i, kind]);
            }
        }
    }
}
