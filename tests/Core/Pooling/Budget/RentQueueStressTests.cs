using System.Collections.Concurrent;
using System.Diagnostics;

namespace FastBuffers.Tests.Pooling.Budget;

[Collection(ProcessWide.Name)]
public sealed class RentQueueStressTests
{
    private const int Limit = 1_000;

    [Fact]
    public void Nobody_is_lost_among_rents_returns_and_cancellations_at_random()
    {
        using var watch = new DiagnosticsWatch();
        var pool = new FakePool(Limit);
        long end = Stopwatch.GetTimestamp() + (Stopwatch.Frequency * 3 / 2);
        long over = 0;
        long served = 0;
        long cancelled = 0;

        Task[] callers = [.. Enumerable.Range(0, 32).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            while (Stopwatch.GetTimestamp() < end)
            {
                int length = random.Next(1, random.Next(8) == 0 ? Limit : Limit / 8);
                using var source = new CancellationTokenSource();
                ValueTask<Lease> task = pool.RentAsync(length, random.Next(3) == 0 ? source.Token : default);
                if (random.Next(2) == 0)
                {
                    Thread.SpinWait(random.Next(200));
                    _ = Task.Run(source.Cancel);
                }

                try
                {
                    using Lease lease = await task;
                    Interlocked.Increment(ref served);
                    long sum = pool.Budget.Charged;
                    Interlocked.Add(ref over, lease.Length != length || sum < length || sum > Limit ? 1 : 0);
                    await Task.Yield();
                }
                catch (OperationCanceledException exception) when (exception.CancellationToken == source.Token)
                {
                    Interlocked.Increment(ref cancelled);
                }

                if (random.Next(16) == 0 && pool.TryRent(random.Next(1, Limit), out Lease barger))
                {
                    barger.Dispose();
                }
            }
        }))];

        Assert.True(Task.WaitAll(callers, TimeSpan.FromSeconds(30)), $"{pool.Queue.Count} wait, {pool.Budget.Charged} bytes are out.");
        AssertSettles(pool);
        Assert.Equal(0, over);
        Assert.InRange(pool.Budget.Peak, 1, Limit);
        Assert.True(served > 100 && cancelled > 10 && pool.Queue.Waits > 100, $"{served} served, {cancelled} cancelled, {pool.Queue.Waits} waits");
        Assert.Equal(0, watch.DoubleReleases);
    }

    [Fact]
    public void Those_who_are_not_cancelled_are_served_in_the_order_they_came()
    {
        var random = new Random(7);
        for (int round = 0; round < 100; round++)
        {
            const int Waiters = 100;
            var pool = new FakePool(Waiters);
            Lease all = pool.Rent(Waiters);
            var order = new ConcurrentQueue<int>();
            pool.OnRented = order.Enqueue;

            // Each waits for a length of its own, by which the order shows.
            int[] lengths = [.. Enumerable.Range(1, Waiters)];
            random.Shuffle(lengths);
            CancellationTokenSource[] sources = [.. lengths.Select(static _ => new CancellationTokenSource())];
            Task<Lease>[] tasks = [.. lengths.Select((length, i) => pool.RentAsync(length, sources[i].Token).AsTask())];
            int[] victims = [.. Enumerable.Range(0, Waiters).Where(_ => random.Next(3) == 0)];
            random.Shuffle(victims);
            Task[] uses = [.. tasks.Select(Use)];

            // Some are cancelled before the first return, the rest while the others are served.
            Array.ForEach(victims[..(victims.Length / 2)], i => sources[i].Cancel());
            Race.Run(
                () => all.Dispose(),
                () => Array.ForEach(victims[(victims.Length / 2)..], i => sources[i].Cancel()));
            Assert.True(Task.WaitAll(uses, TimeSpan.FromSeconds(30)), $"Round {round}: {pool.Queue.Count} wait");

            int[] served = [.. lengths.Where((_, i) => tasks[i].IsCompletedSuccessfully)];
            Assert.Equal(served, order.Where(served.Contains));
            Assert.All(tasks.Index(), task => Assert.True(task.Item.IsCompletedSuccessfully || victims.Contains(task.Index)));
            AssertSettles(pool);
            Array.ForEach(sources, static source => source.Dispose());

            async Task Use(Task<Lease> task)
            {
                try
                {
                    using Lease lease = await task;
                }
                catch (OperationCanceledException)
                {
                }
            }
        }
    }

    // The last waiter may be gone while a pump gives back what it rented for it.
    private static void AssertSettles(FakePool pool)
    {
        Assert.Equal(0, pool.Queue.Count);
        Assert.True(SpinWait.SpinUntil(() => pool.Budget.Charged == 0, 10_000), $"{pool.Budget.Charged} bytes are out.");
    }
}
