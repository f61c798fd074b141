namespace FastBuffers.Tests.Pooling.Budget;

[Collection(ProcessWide.Name)]
public sealed class RentQueueTests
{
    [Fact]
    public void Where_there_is_budget_nobody_waits()
    {
        var pool = new FakePool(100);

        ValueTask<Lease> task = pool.RentAsync(100);

        Assert.True(task.IsCompletedSuccessfully);
        Assert.Equal(0, pool.Queue.Waits);
        Assert.False(pool.Queue.HasWaiters);
        task.Result.Dispose();
        Assert.Equal(0, pool.Budget.Charged);
    }

    [Fact]
    public async Task A_return_serves_who_waits()
    {
        var pool = new FakePool(100);
        Lease all = pool.Rent(100);
        ValueTask<Lease> task = pool.RentAsync(70);
        Assert.False(task.IsCompleted);
        Assert.True(pool.Queue.HasWaiters);
        Assert.Equal((1, 1), (pool.Queue.Count, pool.Queue.Waits));

        all.Dispose();

        Assert.False(pool.Queue.HasWaiters);
        using Lease lease = await task;
        Assert.Equal(70, lease.Length);
        Assert.Equal((0, 1), (pool.Queue.Count, pool.Queue.Waits));
    }

    [Fact]
    public void Whoever_came_first_is_served_first_whatever_fits()
    {
        var pool = new FakePool(100);
        Lease half = pool.Rent(50);
        Lease other = pool.Rent(50);
        Task<Lease> large = pool.RentAsync(80).AsTask();
        Task<Lease> small = pool.RentAsync(10).AsTask();
        Task<Lease> last = pool.RentAsync(20).AsTask();

        half.Dispose();
        Assert.Equal(3, pool.Queue.Count);

        other.Dispose();
        Assert.Equal(80, large.Result.Length);
        Assert.Equal(10, small.Result.Length);
        Assert.Equal(1, pool.Queue.Count);
        Assert.False(last.IsCompleted);

        small.Result.Dispose();
        Assert.Equal(20, last.Result.Length);
        large.Result.Dispose();
        last.Result.Dispose();
        Assert.Equal(0, pool.Budget.Charged);
    }

    [Fact]
    public void A_new_wait_does_not_overtake_but_a_synchronous_rent_may()
    {
        var pool = new FakePool(100);
        Lease half = pool.Rent(50);
        Task<Lease> large = pool.RentAsync(80).AsTask();

        Task<Lease> small = pool.RentAsync(10).AsTask();
        Assert.False(small.IsCompleted);
        Assert.Equal(2, pool.Queue.Count);
        pool.Rent(10).Dispose();

        half.Dispose();
        large.Result.Dispose();
        small.Result.Dispose();
    }

    [Fact]
    public void Who_comes_first_looks_again_once_the_flag_is_up()
    {
        // The return between the first look and the flag sees no waiter, and pumps for nobody.
        Lease all = default;
        var pool = new FakePool(100);
        all = pool.Rent(100);
        int tries = 0;
        bool flagAtSecondTry = false;
        pool.OnTry = _ =>
        {
            if (++tries == 2)
            {
                flagAtSecondTry = pool.Queue.HasWaiters;
                all.Dispose();
            }
        };

        ValueTask<Lease> task = pool.RentAsync(100);

        Assert.True(flagAtSecondTry);
        Assert.True(task.IsCompletedSuccessfully);
        task.Result.Dispose();
        Assert.Equal(0, pool.Budget.Charged);
    }

    [Fact]
    public void What_the_source_throws_is_for_the_one_it_was_asked_for()
    {
        var pool = new FakePool(100);
        Lease all = pool.Rent(100);
        Task<Lease> first = pool.RentAsync(1).AsTask();
        Task<Lease> second = pool.RentAsync(2).AsTask();
        pool.OnTry = static length =>
        {
            if (length is 1 or 3)
            {
                throw new OutOfMemoryException($"{length}");
            }
        };

        all.Dispose();

        Assert.Equal("1", Assert.Throws<OutOfMemoryException>(() => first.GetAwaiter().GetResult()).Message);
        second.Result.Dispose();

        // Without waiting too it is the task that fails.
        ValueTask<Lease> third = pool.RentAsync(3);
        Assert.True(third.IsFaulted);
        Assert.Throws<OutOfMemoryException>(() => third.GetAwaiter().GetResult());
        pool.OnTry = null;
        pool.RentAsync(100).Result.Dispose();
        Assert.Equal(0, pool.Budget.Charged);
    }
}
