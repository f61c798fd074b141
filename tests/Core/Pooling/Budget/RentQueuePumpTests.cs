namespace FastBuffers.Tests.Pooling.Budget;

[Collection(ProcessWide.Name)]
public sealed class RentQueuePumpTests
{
    [Fact]
    public void A_pump_from_within_the_source_is_one_more_look_and_no_second_pump()
    {
        RentQueue queue = null!;
        int depth = 0;
        using var source = new ScriptedSource(call =>
        {
            // The second call is the pump's; it frees something too late for itself.
            Assert.Equal(1, ++depth);
            if (call == 2)
            {
                queue.Pump();
            }

            depth--;
            return call == 3;
        });
        queue = new RentQueue(source);

        ValueTask<Lease> task = queue.RentAsync(8);

        Assert.True(task.IsCompletedSuccessfully);
        Assert.Equal(3, source.Calls);
        task.Result.Dispose();
    }

    [Fact]
    public void Who_finds_a_pump_running_leaves_the_request_with_it_and_goes()
    {
        RentQueue queue = null!;
        var threads = new List<int>();
        using var source = new ScriptedSource(call =>
        {
            threads.Add(Environment.CurrentManagedThreadId);
            if (call == 2)
            {
                // Returns while this pump waits for it.
                Race.Run(() => queue.Pump(), () => queue.Pump());
            }

            return call == 3;
        });
        queue = new RentQueue(source);

        ValueTask<Lease> task = queue.RentAsync(8);

        Assert.True(task.IsCompletedSuccessfully);
        Assert.Equal(Enumerable.Repeat(Environment.CurrentManagedThreadId, 3), threads);
        task.Result.Dispose();
    }

    [Fact]
    public void A_pump_stops_at_the_first_who_cannot_be_served()
    {
        var pool = new FakePool(100);
        Lease all = pool.Rent(100);
        Task<Lease> served = pool.RentAsync(40).AsTask();
        Task<Lease> stuck = pool.RentAsync(80).AsTask();
        Task<Lease> behind = pool.RentAsync(10).AsTask();
        int tries = pool.Tries;

        all.Dispose();

        Assert.Equal(tries + 2, pool.Tries);
        Assert.Equal(2, pool.Queue.Count);
        served.Result.Dispose();
        stuck.Result.Dispose();
        behind.Result.Dispose();
    }

    [Fact]
    public void One_return_does_not_serve_everybody_itself()
    {
        const int Waiters = 1_000;
        var pool = new FakePool(Waiters);
        Lease all = pool.Rent(Waiters);
        Task<Lease>[] tasks = [.. Enumerable.Range(0, Waiters).Select(_ => pool.RentAsync(1).AsTask())];
        int here = 0;
        int thread = Environment.CurrentManagedThreadId;
        pool.OnTry = _ => here += Environment.CurrentManagedThreadId == thread ? 1 : 0;

        all.Dispose();

        Assert.All(tasks, static task => Assert.Equal(1, task.Result.Length));
        Assert.InRange(here, 1, 100);
        Array.ForEach(tasks, static task => task.Result.Dispose());
        Assert.Equal(0, pool.Budget.Charged);
    }

    [Fact]
    public void No_return_between_the_first_look_and_the_flag_is_missed()
    {
        // The return is a plain store and a load of the flag, as cheap as the pool's. Without the first waiter's second look this fails at
        // once; without its barrier hardly ever, as the store has to be overtaken by the load just then.
        using Region region = Region.Allocate(8);
        var slot = new Slot(region);
        var queue = new RentQueue(slot);
        ValueTask<Lease> task = default;
        Race.Rounds(
            20_000,
            _ => slot.IsFree = false,
            _ => task = queue.RentAsync(8),
            _ =>
            {
                slot.IsFree = true;
                if (queue.HasWaiters)
                {
                    queue.Pump();
                }
            },
            round =>
            {
                Assert.True(task.IsCompletedSuccessfully, $"Round {round}");
                task.Result.Dispose();
            });
    }

    private sealed class ScriptedSource(Func<int, bool> answer) : IRentSource, IDisposable
    {
        private readonly Region _region = Region.Allocate(8);

        internal int Calls { get; private set; }

        public bool TryRent(int length, out Lease lease)
        {
            lease = default;
            return answer(++Calls) && _region.TryTake(HoldKind.Exclusive, out lease);
        }

        public void Dispose() => _region.Dispose();
    }

    private sealed class Slot(Region region) : IRentSource
    {
        private bool _free;

        internal bool IsFree
        {
            set => _free = value;
        }

        public bool TryRent(int length, out Lease lease)
        {
            lease = default;
            return Volatile.Read(ref _free) && region.TryTake(HoldKind.Exclusive, out lease);
        }
    }
}
