using System.Collections.Concurrent;

namespace FastBuffers.Tests.Pooling.Budget;

// What the tasks are that the queue hands out.
[Collection(ProcessWide.Name)]
public sealed class RentQueueTaskTests
{
    [Fact]
    public void A_continuation_never_runs_on_the_thread_that_returns_cancels_or_closes()
    {
        var threads = new ConcurrentBag<(int Thread, bool IsPool)>();
        using var source = new CancellationTokenSource();
        Task[] waits = [];
        int thread = 0;

        // On a thread that is not the thread pool's, for none of its threads to be this one.
        Race.Run(() =>
        {
            thread = Environment.CurrentManagedThreadId;
            var pool = new FakePool(100);
            Lease all = pool.Rent(100);
            waits = [Wait(pool.RentAsync(100)), Wait(pool.RentAsync(100, source.Token)), Wait(pool.RentAsync(100))];
            source.Cancel();
            all.Dispose();
            pool.Queue.Close();
        });

        Task.WaitAll(waits);
        Assert.Equal(3, threads.Count);
        Assert.All(threads, seen => Assert.True(seen.IsPool && seen.Thread != thread));

        async Task Wait(ValueTask<Lease> task)
        {
            await Record.ExceptionAsync(async () =>
            {
                try
                {
                    (await task.ConfigureAwait(false)).Dispose();
                }
                finally
                {
                    threads.Add((Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread));
                }
            }).ConfigureAwait(false);
        }
    }

    [Fact]
    public void Not_even_a_context_that_posts_inline_gets_the_thread_that_returns()
    {
        var context = new InlineContext();
        Task<int> wait = Task.FromResult(0);
        int thread = 0;
        Race.Run(() =>
        {
            thread = Environment.CurrentManagedThreadId;
            var pool = new FakePool(100);
            Lease all = pool.Rent(100);
            SynchronizationContext.SetSynchronizationContext(context);
            wait = Wait(pool.RentAsync(100));
            SynchronizationContext.SetSynchronizationContext(null);
            all.Dispose();
        });

        Assert.NotEqual(thread, wait.Result);
        Assert.Equal(1, context.Posts);

        static async Task<int> Wait(ValueTask<Lease> task)
        {
            (await task).Dispose();
            return Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public void A_continuation_stays_with_its_task_scheduler()
    {
        var scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var pool = new FakePool(100);
        Lease all = pool.Rent(100);
        using var waiting = new ManualResetEventSlim();
        Task<TaskScheduler> wait = Task.Factory.StartNew(
            async () =>
            {
                ValueTask<Lease> task = pool.RentAsync(100);
                waiting.Set();
                (await task).Dispose();
                return TaskScheduler.Current;
            },
            CancellationToken.None,
            TaskCreationOptions.None,
            scheduler).Unwrap();
        waiting.Wait();

        all.Dispose();

        Assert.Same(scheduler, wait.Result);
    }

    [Fact]
    public void A_result_is_taken_once_and_a_stale_task_stays_stale()
    {
        var pool = new FakePool(100);
        Lease all = pool.Rent(100);
        ValueTask<Lease> first = pool.RentAsync(100);
        Assert.Throws<InvalidOperationException>(() => first.GetAwaiter().GetResult());
        all.Dispose();
        Lease lease = first.Result;
        Assert.Throws<InvalidOperationException>(() => first.GetAwaiter().GetResult());

        // The same object waits again.
        ValueTask<Lease> second = pool.RentAsync(100);
        Assert.Throws<InvalidOperationException>(() => first.IsCompleted);
        lease.Dispose();
        Assert.Throws<InvalidOperationException>(() => first.GetAwaiter().GetResult());

        second.Result.Dispose();
        Assert.Equal(0, pool.Budget.Charged);
    }

    [Fact]
    public void Two_threads_that_take_one_result_do_not_both_get_it()
    {
        var pool = new FakePool(100);
        ValueTask<Lease> task = default;
        Lease first = default;
        Lease second = default;
        Race.Rounds(
            5_000,
            _ =>
            {
                Lease all = pool.Rent(100);
                task = pool.RentAsync(100);
                all.Dispose();
            },
            _ => first = Take(),
            _ => second = Take(),
            round =>
            {
                Assert.True((first == default) != (second == default), $"Round {round}");
                (first == default ? second : first).Dispose();
                Assert.Equal(0, pool.Budget.Charged);
            });

        Lease Take()
        {
            try
            {
                return task.GetAwaiter().GetResult();
            }
            catch (InvalidOperationException)
            {
                return default;
            }
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(RentWaiterCache.Capacity, true)]
    public void Waiting_allocates_nothing_in_steady_state(int waiters, bool cancellable)
    {
        const int Turns = 20;
        using Region region = Region.Allocate(8);
        var queue = new RentQueue(new WholeRegion(region));
        using var source = new CancellationTokenSource();
        CancellationToken token = cancellable ? source.Token : default;
        var tasks = new ValueTask<Lease>[waiters];
        for (int i = 0; i < Turns; i++)
        {
            Wait();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Turns; i++)
        {
            Wait();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2L * Turns * waiters, queue.Waits);

        void Wait()
        {
            Lease lease = region.Take(HoldKind.Exclusive);
            for (int i = 0; i < waiters; i++)
            {
                tasks[i] = queue.RentAsync(8, token);
            }

            // All of them wait before the first result is taken, so that each has a waiter of its own.
            for (int i = 0; i < waiters; i++)
            {
                lease.Dispose();
                queue.Pump();
                lease = tasks[i].Result;
            }

            lease.Dispose();
        }
    }

    private sealed class WholeRegion(Region region) : IRentSource
    {
        public bool TryRent(int length, out Lease lease) => region.TryTake(HoldKind.Exclusive, out lease);
    }

    private sealed class InlineContext : SynchronizationContext
    {
        private int _posts;

        internal int Posts => Volatile.Read(ref _posts);

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posts);
            d(state);
        }
    }
}
