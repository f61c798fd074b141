namespace FastBuffers.Locking.Tests.Deadlocks;

/// <summary>Threads that take three of a few trackers in any order: they all come through, because of every cycle somebody hears and gives way.</summary>
public sealed class DeadlockStressTests
{
    private const int Threads = 4;
    private const int Trackers = 4;

    private readonly LockManager _manager = new(new() { DetectDeadlocks = true });
    private readonly HoldTracker[] _trackers = [.. Enumerable.Range(0, Trackers).Select(static _ => new HoldTracker(10))];
    private int _deadlocks;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_any_order_nobody_hangs(bool async)
    {
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(seed => Task.Factory.StartNew(
            () => async ? WorkAsync(seed, ordered: false) : Work(seed, ordered: false), TaskCreationOptions.LongRunning).Unwrap()))
            .WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(_deadlocks > 0);
        Assert.All(_trackers, static tracker => Assert.Equal(default, tracker.Snapshot()));
        Assert.Equal(0, _manager.Waiters);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_one_order_nobody_hears_of_a_deadlock(bool async)
    {
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(seed => Task.Factory.StartNew(
            () => async ? WorkAsync(seed, ordered: true) : Work(seed, ordered: true), TaskCreationOptions.LongRunning).Unwrap()))
            .WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(0, _deadlocks);
    }

    private Task Work(int seed, bool ordered)
    {
        var random = new Random(seed);
        for (int round = 0; round < 500 || (!ordered && round < 100_000 && Volatile.Read(ref _deadlocks) == 0); round++)
        {
            using (HoldOwner.Begin())
            {
                List<HoldToken> held = [];
                try
                {
                    foreach (HoldTracker tracker in Choose(random, ordered))
                    {
                        held.Add(_manager.Acquire(tracker, Kind(random)));
                        Thread.Yield();
                    }
                }
                catch (DeadlockException deadlock)
                {
                    Owners.IsCycle(deadlock.Cycle);
                    Interlocked.Increment(ref _deadlocks);
                }

                held.ForEach(static token => Assert.True(token.TryRelease()));

                // A token that somebody still has keeps its ticket from being found when that is lost as another hold's.
                held.Clear();
            }
        }

        return Task.CompletedTask;
    }

    private async Task WorkAsync(int seed, bool ordered)
    {
        var random = new Random(seed);
        for (int round = 0; round < 500 || (!ordered && round < 100_000 && Volatile.Read(ref _deadlocks) == 0); round++)
        {
            using (HoldOwner.Begin())
            {
                List<HoldToken> held = [];
                try
                {
                    foreach (HoldTracker tracker in Choose(random, ordered))
                    {
                        held.Add(await _manager.AcquireAsync(tracker, Kind(random)));
                        await Task.Yield();
                    }
                }
                catch (DeadlockException deadlock)
                {
                    Owners.IsCycle(deadlock.Cycle);
                    Interlocked.Increment(ref _deadlocks);
                }

                held.ForEach(static token => Assert.True(token.TryRelease()));

                // A token that somebody still has keeps its ticket from being found when that is lost as another hold's.
                held.Clear();
            }
        }
    }

    private static HoldKind Kind(Random random) => random.Next(3) == 0 ? HoldKind.Read : HoldKind.Exclusive;

    private HoldTracker[] Choose(Random random, bool ordered)
    {
        int[] places = [.. Enumerable.Range(0, Trackers)];
        random.Shuffle(places);
        return [.. (ordered ? places.Take(3).Order() : places.Take(3)).Select(place => _trackers[place])];
    }
}
