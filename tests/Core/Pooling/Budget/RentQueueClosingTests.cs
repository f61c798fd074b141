namespace FastBuffers.Tests.Pooling.Budget;

[Collection(ProcessWide.Name)]
public sealed class RentQueueClosingTests
{
    [Fact]
    public void Closing_ends_all_waits_each_with_an_exception_of_its_own()
    {
        var pool = new FakePool(100);
        using Lease all = pool.Rent(100);
        using var source = new CancellationTokenSource();
        Task<Lease>[] tasks = [.. Enumerable.Range(0, 5).Select(i => pool.RentAsync(i + 1, i % 2 == 0 ? source.Token : default).AsTask())];

        pool.Queue.Close();
        pool.Queue.Close();
        source.Cancel();
        pool.Queue.Pump();

        Exception[] errors = [.. tasks.Select(static task => Assert.Throws<ObjectDisposedException>(() => { task.GetAwaiter().GetResult(); }))];
        Assert.Equal(5, errors.Distinct().Count());
        Assert.All(errors, static error => Assert.Contains(nameof(FakePool), error.Message, StringComparison.Ordinal));
        Assert.Equal(0, pool.Queue.Count);
        Assert.False(pool.Queue.HasWaiters);
    }

    [Fact]
    public void A_closed_queue_takes_nobody()
    {
        var pool = new FakePool(100);
        using Lease all = pool.Rent(100);
        pool.Queue.Close();

        ValueTask<Lease> task = pool.RentAsync(10);

        Assert.True(task.IsFaulted);
        Assert.Throws<ObjectDisposedException>(() => task.GetAwaiter().GetResult());
        Assert.Equal(0, pool.Queue.Waits);
    }

    [Fact]
    public void What_was_rented_for_a_waiter_while_the_queue_was_closed_goes_back()
    {
        var pool = new FakePool(100);
        Lease all = pool.Rent(100);
        ValueTask<Lease> task = pool.RentAsync(10);
        pool.OnTry = _ => pool.Queue.Close();

        all.Dispose();

        Assert.Throws<ObjectDisposedException>(() => task.GetAwaiter().GetResult());
        Assert.Equal(0, pool.Budget.Charged);
    }

    [Fact]
    public void Closing_against_waiting_and_returning_leaves_nobody_behind()
    {
        FakePool pool = new(1);
        Lease all = default;
        ValueTask<Lease>[] tasks = new ValueTask<Lease>[3];
        Race.Rounds(
            5_000,
            _ =>
            {
                pool = new FakePool(100);
                all = pool.Rent(100);
                tasks[0] = pool.RentAsync(60);
            },
            _ =>
            {
                tasks[1] = pool.RentAsync(60);
                all.Dispose();
                tasks[2] = pool.RentAsync(60);
            },
            _ => pool.Queue.Close(),
            round =>
            {
                foreach (ValueTask<Lease> task in tasks)
                {
                    Assert.True(task.IsCompleted, $"Round {round}");
                    if (task.IsCompletedSuccessfully)
                    {
                        task.Result.Dispose();
                    }
                    else
                    {
                        Assert.Throws<ObjectDisposedException>(() => task.GetAwaiter().GetResult());
                    }
                }

                Assert.Equal((0, 0), (pool.Budget.Charged, pool.Queue.Count));
            });
    }
}
