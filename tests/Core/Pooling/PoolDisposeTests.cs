using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Pooling;

public sealed class PoolDisposeTests
{
    private static readonly int[] s_lengths = [1, 64, 4096, 32 << 10, 64 << 10, 3 << 20, 5 << 20];

    [Fact]
    public void A_disposed_pool_rents_nothing()
    {
        var pool = new RegionPool(new() { MaxBytes = 1 << 20 });
        pool.Rent(100).Dispose();
        pool.Dispose();
        pool.Dispose();

        foreach (int length in (int[])[0, 1, 100, 4096, 1 << 20, 2 << 20, 5 << 20])
        {
            Assert.Throws<ObjectDisposedException>(() => pool.Rent(length));
            Assert.Throws<ObjectDisposedException>(() => pool.TryRent(length, out _));
            ValueTask<Lease> task = pool.RentAsync(length);
            Assert.True(task.IsFaulted);
            Assert.IsType<ObjectDisposedException>(task.AsTask().Exception!.InnerException);
        }

        Assert.Equal(0, pool.Trim());
        Assert.Equal((0, 0), (pool.Statistics.ReservedBytes, pool.Memory.MappedBytes));
        Assert.Contains("disposed", pool.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_out_stays_valid_and_goes_back_to_the_system_when_it_is_returned(bool elsewhere)
    {
        var pool = new RegionPool();
        Lease[] leases = [.. s_lengths.Select(length => pool.Rent(length))];
        Lease[] more = [.. s_lengths.Select(length => pool.Rent(length).Downgrade(HoldKind.Write))];
        Lease[] exposed = [.. s_lengths.Select(length => pool.Rent(length))];
        Array.ForEach(exposed, static lease => _ = lease.Region);
        Lease[] all = [.. leases, .. more, .. exposed];
        for (int i = 0; i < all.Length; i++)
        {
            Rentals.Stamp(all[i], i);
        }

        pool.Dispose();

        Assert.NotEqual(0, pool.Statistics.RentedBytes);
        for (int i = 0; i < all.Length; i++)
        {
            Assert.True(Rentals.HasStamp(all[i], i));
            Action end = all[i].Dispose;
            if (elsewhere)
            {
                Race.Run(end);
            }
            else
            {
                end();
            }
        }

        Assert.Equal((0, 0, 0), (pool.Statistics.RentedBytes, pool.Statistics.ReservedBytes, pool.Memory.MappedBytes));
    }

    [Fact]
    public async Task Who_waits_hears_of_it()
    {
        var pool = new RegionPool(new() { MaxBytes = 4096 });
        Lease all = pool.Rent(4096);
        Task<Lease>[] waiting = [pool.RentAsync(1).AsTask(), pool.RentAsync(4096).AsTask()];

        pool.Dispose();

        foreach (Task<Lease> task in waiting)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => task.WaitAsync(TimeSpan.FromSeconds(30)));
        }

        all.Dispose();
        Assert.Equal(0, pool.Memory.MappedBytes);
    }

    [Fact]
    public void A_thread_that_is_halted_in_its_cache_for_long_does_not_keep_its_blocks()
    {
        var pool = new RegionPool();
        pool.Rent(4096).Dispose();
        ThreadCache cache = RegionPool.CacheOf(pool)!;
        Assert.True(cache.TryEnter());
        var disposing = new Thread(pool.Dispose);
        disposing.Start();
        disposing.Join(TimeSpan.FromMilliseconds(300));

        cache.Exit();

        disposing.Join();
        Assert.Equal((0, 0), (pool.Statistics.ReservedBytes, pool.Memory.MappedBytes));
    }

    [Fact]
    public void Nothing_is_lost_when_rents_and_returns_race_with_it()
    {
        for (int round = 0; round < 200; round++)
        {
            var pool = new RegionPool();
            using var started = new CountdownEvent(2);
            Action go = () =>
            {
                var random = new Random(round);
                var kept = new Queue<Lease>();
                try
                {
                    for (int i = 0; ; i++)
                    {
                        kept.Enqueue(pool.Rent(s_lengths[random.Next(s_lengths.Length - 1)]));
                        if (kept.Count > 5)
                        {
                            kept.Dequeue().Dispose();
                        }

                        if (i == 20)
                        {
                            started.Signal();
                        }
                    }
                }
                catch (ObjectDisposedException)
                {
                    foreach (Lease lease in kept)
                    {
                        lease.Dispose();
                    }
                }
            };
            Race.Run(
                go,
                go,
                () =>
                {
                    started.Wait();
                    pool.Dispose();
                });

            Assert.Equal((0, 0, 0), (pool.Statistics.RentedBytes, pool.Statistics.ReservedBytes, pool.Memory.MappedBytes));
            Assert.Equal(pool.Statistics.Rents, pool.Statistics.Returns);
        }
    }
}
