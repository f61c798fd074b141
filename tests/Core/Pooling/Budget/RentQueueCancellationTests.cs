using System.Diagnostics;

namespace FastBuffers.Tests.Pooling.Budget;

[Collection(ProcessWide.Name)]
public sealed class RentQueueCancellationTests
{
    [Fact]
    public void A_cancelled_token_asks_for_nothing()
    {
        var pool = new FakePool(100);

        ValueTask<Lease> task = pool.RentAsync(10, new CancellationToken(canceled: true));

        Assert.True(task.IsCanceled);
        Assert.Equal(0, pool.Tries);
        Assert.Equal(0, pool.Queue.Waits);
        Assert.Throws<TaskCanceledException>(() => task.GetAwaiter().GetResult());
    }

    [Fact]
    public async Task A_cancelled_waiter_leaves_and_says_which_token_it_was()
    {
        var pool = new FakePool(100);
        using Lease all = pool.Rent(100);
        using var source = new CancellationTokenSource();
        Task<Lease> before = pool.RentAsync(10).AsTask();
        ValueTask<Lease> task = pool.RentAsync(20, source.Token);
        Task<Lease> behind = pool.RentAsync(30).AsTask();

        source.Cancel();

        Assert.True(task.IsCanceled);
        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await task);
        Assert.Equal(source.Token, exception.CancellationToken);
        Assert.Equal((2, 3), (pool.Queue.Count, pool.Queue.Waits));
        all.Dispose();
        before.Result.Dispose();
        behind.Result.Dispose();
        Assert.Equal(0, pool.Budget.Charged);
    }

    [Fact]
    public void A_cancelled_head_lets_those_behind_it_go_on()
    {
        var pool = new FakePool(100);
        using Lease half = pool.Rent(50);
        using var source = new CancellationTokenSource();
        ValueTask<Lease> large = pool.RentAsync(80, source.Token);
        Task<Lease> small = pool.RentAsync(20).AsTask();
        Task<Lease> other = pool.RentAsync(30).AsTask();

        source.Cancel();

        Assert.True(large.IsCanceled);
        small.Result.Dispose();
        other.Result.Dispose();
    }

    [Fact]
    public void A_cancellation_behind_the_head_bothers_nobody()
    {
        var pool = new FakePool(100);
        using Lease all = pool.Rent(100);
        using var source = new CancellationTokenSource();
        Task<Lease> head = pool.RentAsync(10).AsTask();
        ValueTask<Lease> behind = pool.RentAsync(10, source.Token);
        int tries = pool.Tries;

        source.Cancel();

        Assert.True(behind.IsCanceled);
        Assert.Equal(tries, pool.Tries);
        all.Dispose();
        head.Result.Dispose();
    }

    [Fact]
    public void A_lease_that_came_for_a_cancelled_waiter_goes_back_at_once_and_to_the_next()
    {
        using var watch = new DiagnosticsWatch();
        var pool = new FakePool(100);
        Lease all = pool.Rent(100);
        using var source = new CancellationTokenSource();
        ValueTask<Lease> cancelled = pool.RentAsync(60, source.Token);
        ValueTask<Lease> next = pool.RentAsync(70);
        pool.OnTry = _ => source.Cancel();

        all.Dispose();

        Assert.True(cancelled.IsCanceled);
        Assert.True(next.IsCompletedSuccessfully);
        Assert.Equal(70, pool.Budget.Charged);
        Lease lease = next.Result;
        Assert.Equal(70, lease.Length);
        lease.Dispose();
        Assert.Equal(0, pool.Budget.Charged);
        Assert.Equal(0, watch.DoubleReleases);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Ten_thousand_waiters_leave_quickly_in_any_order(int order)
    {
        const int Waiters = 10_000;
        var pool = new FakePool(100);
        using Lease all = pool.Rent(100);
        CancellationTokenSource[] sources = [.. Enumerable.Range(0, Waiters).Select(static _ => new CancellationTokenSource())];
        ValueTask<Lease>[] tasks = [.. sources.Select(source => pool.RentAsync(1, source.Token))];
        if (order == 1)
        {
            Array.Reverse(sources);
        }
        else if (order == 2)
        {
            new Random(1).Shuffle(sources);
        }

        long start = Stopwatch.GetTimestamp();
        Array.ForEach(sources, static source => source.Cancel());

        // A few milliseconds; a search for each in a list of so many takes most of a second at best.
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal((0, Waiters), (pool.Queue.Count, pool.Queue.Waits));
        Assert.All(tasks, static task => Assert.True(task.IsCanceled));
        Array.ForEach(sources, static source => source.Dispose());
    }

    [Fact]
    public void Cancellation_against_a_return_has_one_winner_and_loses_no_byte()
    {
        var pool = new FakePool(100);
        Lease all = default;
        ValueTask<Lease> task = default;
        CancellationTokenSource source = new();
        int served = 0;
        Race.Rounds(
            5_000,
            _ =>
            {
                source = new CancellationTokenSource();
                all = pool.Rent(100);
                task = pool.RentAsync(100, source.Token);
            },
            round => CancelOrReturn(round % 4 < 2),
            round => CancelOrReturn(round % 4 >= 2),
            round =>
            {
                Assert.True(task.IsCompleted, $"Round {round}");
                if (task.IsCompletedSuccessfully)
                {
                    served++;
                    Assert.Equal(100, pool.Budget.Charged);
                    task.Result.Dispose();
                }
                else
                {
                    Assert.Throws<OperationCanceledException>(() => task.GetAwaiter().GetResult());
                }

                Assert.Equal((0, 0), (pool.Budget.Charged, pool.Queue.Count));
                source.Dispose();
            });

        Assert.InRange(served, 1, 4_999);

        void CancelOrReturn(bool cancel)
        {
            if (cancel)
            {
                source.Cancel();
            }
            else
            {
                all.Dispose();
            }
        }
    }
}
