using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Pooling;

/// <summary>The pool knows threads by their stacks; when a thread has ended, others have its stack.</summary>
public sealed class StackReuseTests
{
    private const int Length = 100;

    [Theory]
    [InlineData(1024, 64)]
    [InlineData(1024, 128)]
    [InlineData(8192, 256)]
    [InlineData(1024, 1024)]
    public void Threads_whose_stacks_are_in_that_of_one_that_has_ended_share_no_cache(int endedKiB, int livingKiB)
    {
        using var pool = new RegionPool(new RegionPoolOptions { IdleTrim = Timeout.InfiniteTimeSpan });
        for (int round = 0; round < 3; round++)
        {
            RunTogether(40, endedKiB, _ => pool.Rent(Length).Dispose());
            nint[] addresses = new nint[80];
            RunTogether(addresses.Length, livingKiB, thread =>
            {
                Lease lease = pool.Rent(Length);
                addresses[thread] = Rentals.AddressOf(lease);
                lease.Dispose();
            });

            // Each has kept its block, so that no other may have had the same.
            Assert.Equal(addresses.Length, addresses.Distinct().Count());
            Assert.Equal(0, pool.Statistics.RentedBytes);
        }
    }

    [Fact]
    public void Rentals_of_a_thread_that_has_ended_are_ended_by_those_who_have_its_stack()
    {
        using var pool = new RegionPool(new RegionPoolOptions { IdleTrim = Timeout.InfiniteTimeSpan });
        for (int round = 0; round < 3; round++)
        {
            var leases = new Lease[40];
            RunTogether(leases.Length, 1024, thread => leases[thread] = pool.Rent(Length));
            int strange = 0;
            RunTogether(leases.Length, 128, thread =>
            {
                Rentals.Stamp(leases[thread], thread);
                leases[thread].Dispose();
                leases[thread].Dispose();
                using Lease own = pool.Rent(Length);
                Rentals.Stamp(own, thread);
                strange += Rentals.HasStamp(own, thread) ? 0 : 1;
            });
            Assert.Equal(0, strange);
            pool.Trim();
            Assert.Equal(0, pool.Statistics.ReservedBytes);
            Assert.Equal(pool.Statistics.Rents, pool.Statistics.Returns);
        }
    }

    // All are alive at the same time, and each has a turn of its own.
    private static void RunTogether(int count, int stackKiB, Action<int> action)
    {
        using var started = new CountdownEvent(count);
        using var over = new ManualResetEventSlim();
        var turn = new Lock();
        Thread[] threads =
        [
            .. Enumerable.Range(0, count).Select(number => new Thread(
                () =>
                {
                    lock (turn)
                    {
                        action(number);
                    }

                    started.Signal();
                    over.Wait();
                },
                stackKiB << 10)),
        ];
        Array.ForEach(threads, static thread => thread.Start());
        started.Wait();
        over.Set();
        Array.ForEach(threads, static thread => thread.Join());
    }
}
