using System.Buffers;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Pooling;

public sealed class PoolBudgetTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(100, 128)]
    [InlineData(4096, 4096)]
    [InlineData(100_000, 106_496)]
    [InlineData(5_000_000, 5_001_216)]
    public void At_the_limit_renting_fails_with_figures_and_a_return_makes_room(int length, int block)
    {
        using var pool = new RegionPool(new() { Name = "small", MaxBytes = (3 * block) + 63 });
        Lease[] leases = [pool.Rent(length), pool.Rent(length), pool.Rent(length)];
        Assert.Equal(3 * block, pool.Statistics.RentedBytes);

        Assert.False(pool.TryRent(length, out Lease none));
        Assert.Equal(default, none);
        PoolExhaustedException exception = Assert.Throws<PoolExhaustedException>(() => pool.Rent(length));
        Assert.Equal((length, (3 * block) + 63), (exception.RequestedLength, exception.MaxBytes));
        Assert.Equal((3 * block, 0), (exception.RentedBytes, exception.CachedBytes));
        Assert.Contains("\"small\"", exception.Message, StringComparison.Ordinal);
        Assert.Throws<PoolExhaustedException>(() => pool.Rent(length, sensitive: true));

        leases[1].Dispose();
        using Lease next = pool.Rent(length);
        Assert.False(pool.TryRent(length, out _));
        leases[0].Dispose();
        leases[2].Dispose();
        Assert.Equal(block, pool.Statistics.RentedBytes);
        Assert.InRange(pool.Budget.Peak, 3 * block, (3 * block) + 63);
    }

    [Fact]
    public void What_is_cached_in_other_sizes_makes_room()
    {
        using var pool = new RegionPool(new() { MaxBytes = 1 << 20 });
        Lease[] small = [.. Enumerable.Range(0, 1 << 14).Select(_ => pool.Rent(64))];
        Assert.False(pool.TryRent(1, out _));
        Array.ForEach(small, static lease => lease.Dispose());
        Assert.Equal(1 << 20, pool.Statistics.CachedBytes);

        using (Lease large = pool.Rent(1 << 20))
        {
            Assert.Equal(1 << 20, pool.Statistics.RentedBytes);
        }

        small = [.. Enumerable.Range(0, 1 << 14).Select(_ => pool.Rent(64))];
        Assert.Equal(small.Length, small.Select(Rentals.AddressOf).Distinct().Count());
        Array.ForEach(small, static lease => lease.Dispose());
        Assert.Equal(1 << 20, pool.Budget.Peak);
    }

    [Fact]
    public void What_a_sleeping_thread_has_cached_makes_room()
    {
        using var pool = new RegionPool(new() { MaxBytes = 64 * 4096, IdleTrim = Timeout.InfiniteTimeSpan });
        using var cached = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var sleeper = new Thread(() =>
        {
            Lease[] leases = [.. Enumerable.Range(0, 64).Select(_ => pool.Rent(4096))];
            Array.ForEach(leases, static lease => lease.Dispose());
            cached.Set();
            end.Wait();
        });
        sleeper.Start();
        Assert.True(cached.Wait(s_patience));
        Assert.Equal(64 * 4096, pool.Statistics.CachedBytes);

        Lease[] mine = [.. Enumerable.Range(0, 64).Select(_ => pool.Rent(4096))];

        Assert.False(pool.TryRent(1, out _));
        Assert.Equal(64 * 4096, pool.Statistics.RentedBytes);
        Array.ForEach(mine, static lease => lease.Dispose());
        end.Set();
        sleeper.Join();
    }

    [Fact]
    public void What_ended_threads_had_cached_comes_back_in_time_and_their_rentals_stay_counted()
    {
        var time = new ManualTime();
        using var pool = new RegionPool(new() { TimeProvider = time });
        for (int i = 0; i < 10; i++)
        {
            Race.Run(() =>
            {
                Lease[] leases = [.. Enumerable.Range(0, 20).Select(_ => pool.Rent(4096))];
                Array.ForEach(leases, static lease => lease.Dispose());
            });
        }

        Assert.Equal(0, pool.Statistics.RentedBytes);
        Assert.NotEqual(0, pool.Statistics.CachedBytes);
        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(0, pool.Statistics.ReservedBytes);
        Assert.Equal(0, pool.Memory.MappedBytes);
        Assert.Equal((200, 200), (pool.Statistics.Rents, pool.Statistics.Returns));
        Assert.Equal(0, time.Timers);
        pool.Rent(100).Dispose();
        Assert.Equal(1, time.Timers);
    }

    [Fact]
    public void What_is_in_use_is_not_taken_back_by_time_and_what_is_idle_is()
    {
        var time = new ManualTime();
        using var pool = new RegionPool(new() { TimeProvider = time, IdleTrim = TimeSpan.FromSeconds(10) });
        using Lease kept = pool.Rent(4096);
        Rentals.Stamp(kept, 1);
        pool.Rent(100).Dispose();
        pool.Rent(1 << 20).Dispose();
        for (int i = 0; i < 30; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            pool.Rent(100).Dispose();
        }

        Assert.Equal(4096 + 128, pool.Statistics.ReservedBytes);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(4096, pool.Statistics.ReservedBytes);
        Assert.True(Rentals.HasStamp(kept, 1));
        Assert.NotEqual(0, pool.Statistics.Trims);
    }

    [Fact]
    public void Trim_gives_all_that_is_idle_back_and_says_how_much()
    {
        using var pool = new RegionPool(new() { IdleTrim = Timeout.InfiniteTimeSpan });
        Lease[] leases = [.. Enumerable.Range(0, 300).Select(i => pool.Rent(1 + (i * i * 37)))];
        long all = pool.Statistics.ReservedBytes;
        Assert.Equal(0, pool.Trim() - (all - pool.Statistics.ReservedBytes));
        for (int i = 0; i < leases.Length; i += 2)
        {
            leases[i].Dispose();
            Rentals.Stamp(leases[i + 1], i);
        }

        long rented = pool.Statistics.RentedBytes;
        long cached = pool.Statistics.CachedBytes;
        Assert.Equal(cached, pool.Trim());
        Assert.Equal((rented, rented, 0), (pool.Statistics.RentedBytes, pool.Statistics.ReservedBytes, pool.Statistics.CachedBytes));
        Assert.Equal(0, pool.Trim());
        for (int i = 0; i < leases.Length; i += 2)
        {
            Assert.True(Rentals.HasStamp(leases[i + 1], i));
            leases[i + 1].Dispose();
        }

        pool.Trim();
        Assert.Equal(0, pool.Memory.MappedBytes);
    }

    [Fact]
    public void A_resize_that_the_budget_does_not_allow_leaves_the_rental_as_it_was()
    {
        using var pool = new RegionPool(new() { MaxBytes = 8192 });
        Lease lease = pool.Rent(4096);
        Rentals.Stamp(lease, 1);

        Assert.Throws<PoolExhaustedException>(() => lease.Resize(8192));
        Assert.Throws<PoolExhaustedException>(() => lease.Resize(5_000_000));

        Assert.Equal((false, 4096), (lease.IsReleased, lease.Length));
        Assert.True(Rentals.HasStamp(lease, 1));
        Assert.Equal((4096, 4096), (pool.Statistics.RentedBytes, pool.Statistics.ReservedBytes));
        lease = lease.Resize(100);
        Assert.False(lease.Downgrade(HoldKind.Read).TryTake(HoldKind.Exclusive, out _));
    }

    [Fact]
    public void A_resize_that_a_pin_refuses_rents_no_block_first()
    {
        using var pool = new RegionPool(new() { MaxBytes = 16_384 });
        using Lease lease = pool.Rent(4096);
        using MemoryHandle pin = lease.Pin();

        Assert.Throws<BufferConflictException>(() => lease.Resize(8192));
        Assert.Throws<BufferConflictException>(() => lease.Resize(100_000));

        Assert.Equal((1L, 0L), (pool.Statistics.Rents, pool.Statistics.Returns));
        Assert.Equal((false, 4096), (lease.IsReleased, lease.Length));
    }

    [Fact]
    public async Task Who_waits_is_served_in_order_by_plain_returns_of_another_thread()
    {
        using var pool = new RegionPool(new() { MaxBytes = 4 * 4096 });
        Lease[] all = [pool.Rent(4096), pool.Rent(4096), pool.Rent(4096), pool.Rent(4096)];
        Task<Lease>[] waiting = [.. ((int[])[4096, 3 * 4096, 64, 4096]).Select(length => pool.RentAsync(length).AsTask())];
        Assert.All(waiting, static task => Assert.False(task.IsCompleted));

        Race.Run(all[2].Dispose);
        Lease first = await waiting[0].WaitAsync(s_patience);
        Race.Run(first.Dispose, all[0].Dispose);
        Assert.All(waiting[1..], static task => Assert.False(task.IsCompleted));
        Race.Run(all[1].Dispose);
        Lease second = await waiting[1].WaitAsync(s_patience);
        Assert.Equal(3 * 4096, second.Length);
        Lease third = default;
        Race.Run(all[3].Dispose);
        third = await waiting[2].WaitAsync(s_patience);
        Assert.False(waiting[3].IsCompleted);
        third.Dispose();
        Lease fourth = await waiting[3].WaitAsync(s_patience);

        Assert.Equal(4, pool.Statistics.Waits);
        second.Dispose();
        fourth.Dispose();
        Assert.Equal(0, pool.Statistics.RentedBytes);
        Assert.InRange(pool.Budget.Peak, 1, 4 * 4096);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_waits_gets_what_a_trim_takes_out_of_a_cache_that_could_not_be_emptied_before(bool byTime)
    {
        var time = new ManualTime();
        using var pool = new RegionPool(new() { MaxBytes = 4 * 4096, TimeProvider = time });
        using var halted = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var holder = new Thread(() =>
        {
            Lease[] leases = [pool.Rent(4096), pool.Rent(4096), pool.Rent(4096), pool.Rent(4096)];
            Array.ForEach(leases, static lease => lease.Dispose());
            ThreadCache cache = RegionPool.CacheOf(pool)!;
            Assert.True(cache.TryEnter());
            halted.Set();
            end.Wait();
            cache.Exit();
        });
        holder.Start();
        Assert.True(halted.Wait(s_patience));
        Task<Lease> waiting = pool.RentAsync(4 * 4096).AsTask();
        Assert.False(waiting.IsCompleted);
        end.Set();
        holder.Join();
        Assert.False(waiting.IsCompleted);

        if (byTime)
        {
            time.Advance(TimeSpan.FromSeconds(10));
        }
        else
        {
            pool.Trim();
        }

        (await waiting.WaitAsync(s_patience)).Dispose();
    }

    [Fact]
    public void The_clock_goes_on_for_what_is_rented_while_it_is_being_stopped()
    {
        var time = new ManualTime();
        using var pool = new RegionPool(new() { TimeProvider = time });
        pool.Rent(100).Dispose();
        bool stopped = false;
        time.OnStop = () =>
        {
            if (!stopped)
            {
                stopped = true;
                Race.Run(() => pool.Rent(100).Dispose());
            }
        };

        time.Advance(TimeSpan.FromSeconds(15));
        Assert.True(stopped);
        Assert.Equal(128, pool.Statistics.CachedBytes);
        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(0, pool.Statistics.ReservedBytes);
    }

    [Fact]
    public async Task Who_waits_can_be_cancelled_and_what_can_never_be_is_refused_at_once()
    {
        using var pool = new RegionPool(new() { MaxBytes = 8192 });
        using var source = new CancellationTokenSource();
        Lease all = pool.Rent(8192);
        Task<Lease> cancelled = pool.RentAsync(8192, source.Token).AsTask();
        Task<Lease> behind = pool.RentAsync(100).AsTask();
        Assert.False(cancelled.IsCompleted);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(s_patience));
        PoolExhaustedException refused = await Assert.ThrowsAsync<PoolExhaustedException>(() => pool.RentAsync(8193).AsTask());
        Assert.Equal((8193, 8192), (refused.RequestedLength, refused.MaxBytes));
        all.Dispose();

        (await behind.WaitAsync(s_patience)).Dispose();
        Assert.Equal(0, pool.Statistics.RentedBytes);
    }
}
