namespace FastBuffers.Tests.Waiting;

public sealed class RegionWaitingTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public async Task What_is_free_is_had_at_once(HoldKind kind)
    {
        using Region region = Region.Allocate(100);
        using (Lease lease = region.Acquire(kind))
        {
            Assert.Equal((kind, 0, 100), (lease.Kind, lease.Start, lease.Length));
        }

        using (Lease lease = region.Slice(10, 20).Acquire(kind))
        {
            Assert.Equal((kind, 10, 20), (lease.Kind, lease.Start, lease.Length));
        }

        ValueTask<Lease> task = region.AcquireAsync(kind);
        Assert.True(task.IsCompletedSuccessfully);
        (await task).Dispose();
        (await region.AcquireAsync(kind, TimeSpan.Zero)).Dispose();
        (await region.Slice(10, 20).AcquireAsync(kind)).Dispose();
        (await region.Slice(10, 20).AcquireAsync(kind, s_patience)).Dispose();
        Assert.True(region.TryAcquire(kind, TimeSpan.Zero, out Lease whole));
        whole.Dispose();
        Assert.True(region.Slice(0, 1).TryAcquire(kind, TimeSpan.Zero, out Lease part));
        part.Dispose();
        Assert.Equal(default, region.Snapshot());
    }

    [Fact]
    public async Task A_reader_waits_for_the_writer()
    {
        using Region region = Region.Allocate(100);
        ValueTask<Lease> wait;
        using (Lease writer = region.Take(HoldKind.Exclusive))
        {
            wait = region.Slice(99, 1).AcquireAsync(HoldKind.Read);
            Assert.False(wait.IsCompleted);
            Assert.Equal(1, region.Snapshot().Waiters);
            writer.Span[99] = 7;
        }

        using Lease reader = await wait;
        Assert.Equal(7, reader.ReadOnlySpan[0]);
        Assert.Equal(0, region.Snapshot().Waiters);
    }

    [Fact]
    public void A_thread_waits_for_scoped_holds_of_every_kind()
    {
        using Region region = Region.Allocate(100);
        foreach (int form in Enumerable.Range(0, 8))
        {
            Task<Lease> wait;
            switch (form)
            {
                case 0:
                    using (region.HoldRead())
                    {
                        wait = Begin();
                    }

                    break;
                case 1:
                    using (region.HoldWrite())
                    {
                        wait = Begin();
                    }

                    break;
                case 2:
                    using (region.HoldImmutable())
                    {
                        wait = Begin();
                    }

                    break;
                case 3:
                    using (region.HoldExclusive())
                    {
                        wait = Begin();
                    }

                    break;
                case 4:
                    using (region.Slice(5, 5).HoldExclusive())
                    {
                        wait = Begin();
                    }

                    break;
                case 5:
                    using (region.HoldRead())
                    using (region.HoldRead())
                    {
                        wait = Begin();
                    }

                    break;
                case 6:
                    using (Lease lease = region.Take(HoldKind.Immutable))
                    {
                        wait = Begin();
                    }

                    break;
                default:
                    using (Lease lease = region.Take(HoldKind.Write))
                    using (LeaseScope scope = lease.Open())
                    {
                        lease.Dispose();
                        wait = Begin();
                    }

                    break;
            }

            Assert.True(wait.Wait(s_patience), $"Form {form}.");
            wait.Result.Dispose();
        }

        Task<Lease> Begin()
        {
            Task<Lease> wait = region.AcquireAsync(HoldKind.Exclusive).AsTask();
            Assert.False(wait.IsCompleted);
            return wait;
        }
    }

    [Fact]
    public async Task Time_that_is_over_is_told()
    {
        using Region region = Region.Allocate(100);
        using Lease writer = region.Take(HoldKind.Exclusive);
        Assert.False(region.TryAcquire(HoldKind.Read, TimeSpan.FromMilliseconds(10), out Lease none));
        Assert.Equal(default, none);
        Assert.False(region.Slice(0, 5).TryAcquire(HoldKind.Read, TimeSpan.FromMilliseconds(10), out _));
        await Assert.ThrowsAsync<TimeoutException>(async () => await region.AcquireAsync(HoldKind.Read, TimeSpan.FromMilliseconds(10)));
        await Assert.ThrowsAsync<TimeoutException>(async () => await region.Slice(0, 5).AcquireAsync(HoldKind.Read, TimeSpan.FromMilliseconds(10)));
        Assert.Equal(0, region.Snapshot().Waiters);
    }

    [Fact]
    public async Task A_cancelled_wait_is_told()
    {
        using Region region = Region.Allocate(100);
        using Lease writer = region.Take(HoldKind.Exclusive);
        using var source = new CancellationTokenSource();
        Task<Lease> whole = region.AcquireAsync(HoldKind.Read, source.Token).AsTask();
        Task<Lease> part = region.Slice(0, 5).AcquireAsync(HoldKind.Read, s_patience, source.Token).AsTask();
        Task<Lease> thread = Task.Run(() => region.Acquire(HoldKind.Read, source.Token));
        Assert.True(SpinWait.SpinUntil(() => region.Snapshot().Waiters == 3, s_patience));
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => whole);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => part);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => thread);
        Assert.Equal(0, region.Snapshot().Waiters);
    }

    [Theory]
    [MemberData(nameof(Kinds.Invalid), MemberType = typeof(Kinds))]
    public void Bad_arguments_come_first(HoldKind kind)
    {
        Region region = Region.Allocate(100);
        RegionSlice slice = region.Slice(0, 10);
        region.Dispose();
        Assert.Throws<ArgumentOutOfRangeException>(() => region.Acquire(kind));
        Assert.Throws<ArgumentOutOfRangeException>(() => slice.Acquire(kind));
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = region.AcquireAsync(kind); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = slice.AcquireAsync(kind); });
        Assert.Throws<ArgumentOutOfRangeException>(() => region.TryAcquire(HoldKind.Read, TimeSpan.FromSeconds(-1), out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => slice.TryAcquire(HoldKind.Read, TimeSpan.FromSeconds(-1), out _));
        Assert.Throws<ObjectDisposedException>(() => region.Acquire(HoldKind.Read));
        Assert.Throws<ObjectDisposedException>(() => slice.Acquire(HoldKind.Read));
        Assert.Throws<ObjectDisposedException>(() => default(RegionSlice).Acquire(HoldKind.Read));
    }

    [Fact]
    public void What_is_not_supported_is_not_waited_for()
    {
        Region region = Region.Wrap(new byte[10]);
        Assert.Throws<BufferException>(() => region.Acquire(HoldKind.Exclusive));
        Assert.Throws<BufferException>(() => region.Slice(0, 5).Acquire(HoldKind.Immutable));
    }

    [Fact]
    public async Task Disposing_wakes_everybody()
    {
        Region region = Region.Allocate(100);
        Lease writer = region.Take(HoldKind.Exclusive);
        Task<Lease> whole = region.AcquireAsync(HoldKind.Exclusive).AsTask();
        Task<Lease> part = region.Slice(0, 5).AcquireAsync(HoldKind.Read).AsTask();
        region.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => whole);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => part);
        writer.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await region.AcquireAsync(HoldKind.Read));
    }

    [Fact]
    public async Task Freezing_wakes_those_who_want_to_write()
    {
        using Region region = Region.Allocate(100);
        Lease writer = region.Take(HoldKind.Exclusive);
        Task<Lease> exclusive = region.AcquireAsync(HoldKind.Exclusive).AsTask();
        Task<Lease> write = region.Slice(0, 5).AcquireAsync(HoldKind.Write).AsTask();
        Task<Lease> immutable = region.Slice(0, 5).AcquireAsync(HoldKind.Immutable).AsTask();
        using Lease frozen = writer.Freeze();
        await Assert.ThrowsAsync<BufferException>(() => exclusive);
        await Assert.ThrowsAsync<BufferException>(() => write);
        (await immutable.WaitAsync(s_patience)).Dispose();
    }

    [Fact]
    public async Task Resizing_wakes_those_who_wait_for_slices()
    {
        using Region region = Region.Allocate(100);
        Lease writer = region.Take(HoldKind.Exclusive);
        RegionSlice slice = region.Slice(0, 5);
        Task<Lease> part = slice.AcquireAsync(HoldKind.Read).AsTask();
        Task<Lease> all = region.Slice(0, 100).AcquireAsync(HoldKind.Write).AsTask();
        Task<Lease> whole = region.AcquireAsync(HoldKind.Write).AsTask();
        writer = writer.Resize(200);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => part);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => all);
        Assert.False(whole.IsCompleted);
        writer.Dispose();
        using Lease lease = await whole.WaitAsync(s_patience);
        Assert.Equal(200, lease.Length);
        Assert.Throws<ObjectDisposedException>(() => slice.Acquire(HoldKind.Read));
        Assert.Throws<ObjectDisposedException>(() => slice.TryAcquire(HoldKind.Read, TimeSpan.Zero, out _));
    }

    [Fact]
    public async Task Publishing_makes_room_for_readers()
    {
        using Region region = Region.Allocate(100);
        Assert.True(region.TryAppend(out AppendLease appender));
        Task<Lease> first = region.Slice(0, 10).AcquireAsync(HoldKind.Immutable).AsTask();
        Task<Lease> second = region.Slice(5, 10).AcquireAsync(HoldKind.Read).AsTask();
        Task<Lease> writer = region.Slice(20, 10).AcquireAsync(HoldKind.Write).AsTask();
        Assert.False(first.IsCompleted);
        appender.Publish(9);
        Assert.False(first.IsCompleted);
        appender.Publish(1);
        (await first.WaitAsync(s_patience)).Dispose();
        Assert.False(second.IsCompleted);
        appender.Publish(10);
        (await second.WaitAsync(s_patience)).Dispose();
        Assert.False(writer.IsCompleted);
        appender.Seal();
        (await writer.WaitAsync(s_patience)).Dispose();
    }

    [Fact]
    public async Task The_end_of_a_rental_ends_the_waits_for_its_region()
    {
        using var pool = new RegionPool();
        Lease rental = pool.Rent(100);
        Task<Lease> wait = rental.Region.AcquireAsync(HoldKind.Read).AsTask();
        Task<Lease> other = rental.Region.AcquireAsync(HoldKind.Exclusive).AsTask();
        Assert.False(wait.IsCompleted);
        Lease weaker = rental.Downgrade(HoldKind.Write);
        Lease reader = await wait.WaitAsync(s_patience);
        weaker.Dispose();
        Assert.False(other.IsCompleted);
        reader.Dispose();

        // The waiter is no holder: with the last of these the rental ends.
        await Assert.ThrowsAsync<ObjectDisposedException>(() => other.WaitAsync(s_patience));
        Assert.Equal(0, pool.Statistics.RentedBytes);
    }

    [Fact]
    public void Without_a_wait_nothing_is_allocated()
    {
        using Region region = Region.Allocate(100);
        RegionSlice slice = region.Slice(10, 10);
        for (int i = 0; i < 100; i++)
        {
            Turn();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            Turn();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Turn()
        {
            region.AcquireAsync(HoldKind.Immutable).Result.Dispose();
            region.AcquireAsync(HoldKind.Exclusive, TimeSpan.FromSeconds(1)).Result.Dispose();
            slice.AcquireAsync(HoldKind.Write).Result.Dispose();
            region.Acquire(HoldKind.Read).Dispose();
        }
    }
}
