namespace FastBuffers.Locking.Tests.Waiting;

public sealed class AcquireTests
{
    private readonly LockManager _manager = new();
    private readonly HoldTracker _tracker = new(100);

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public async Task What_is_free_is_had_at_once(HoldKind kind)
    {
        Assert.True(_manager.Acquire(_tracker, kind).TryRelease());
        Assert.True(_manager.Acquire(_tracker, kind, 10, 20).TryRelease());
        Assert.True(_manager.TryAcquire(_tracker, kind, TimeSpan.Zero, out HoldToken whole));
        Assert.True(whole.TryRelease());
        Assert.True(_manager.TryAcquire(_tracker, kind, 0, 1, TimeSpan.FromSeconds(1), out HoldToken part));
        Assert.True(part.TryRelease());
        Assert.True((await _manager.AcquireAsync(_tracker, kind)).TryRelease());
        Assert.True((await _manager.AcquireAsync(_tracker, kind, 5, 5)).TryRelease());
        Assert.True((await _manager.AcquireAsync(_tracker, kind, TimeSpan.FromSeconds(1))).TryRelease());
        Assert.True((await _manager.AcquireAsync(_tracker, kind, 5, 5, TimeSpan.FromSeconds(1))).TryRelease());
        Assert.Equal(default, _tracker.Snapshot());
        Assert.Equal(0, _manager.Waiters);
    }

    [Theory]
    [MemberData(nameof(Kinds.ConflictingPairs), MemberType = typeof(Kinds))]
    public void Who_waits_has_the_hold_when_the_conflicting_one_ends(HoldKind held, HoldKind wanted)
    {
        HoldToken first = _tracker.Take(held);
        Task<HoldToken> wait = _manager.Begin(_tracker, wanted);
        Assert.Equal((1, 1), (_tracker.Snapshot().Waiters, _manager.Waiters));

        Assert.True(first.TryRelease());
        HoldToken second = wait.Granted();
        Assert.Equal(wanted, second.Kind);
        Assert.Equal(0, _manager.Waiters);
        _tracker.HasNoWaiters();
        Assert.True(second.TryRelease());
        Assert.Equal(default, _tracker.Snapshot());
    }

    [Theory]
    [MemberData(nameof(Kinds.ConflictingPairs), MemberType = typeof(Kinds))]
    public void A_thread_that_waits_has_the_hold_when_the_conflicting_one_ends(HoldKind held, HoldKind wanted)
    {
        HoldToken first = _tracker.Take(held, 10, 10);
        HoldToken second = default;
        var thread = new Thread(() => second = _manager.Acquire(_tracker, wanted, 19, 1));
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => _tracker.Snapshot().Waiters == 1, Waits.Patience));
        Assert.True(first.TryRelease());
        Assert.True(thread.Join(Waits.Patience));
        Assert.True(second.TryRelease());
        _tracker.HasNoWaiters();
    }

    [Fact]
    public void Who_waits_for_a_part_is_not_served_by_another()
    {
        HoldToken left = _tracker.Take(HoldKind.Exclusive, 0, 50);
        HoldToken right = _tracker.Take(HoldKind.Exclusive, 50, 50);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Write, 49, 1);
        Assert.True(right.TryRelease());
        wait.StillWaits();
        Assert.True(left.TryRelease());
        Assert.True(wait.Granted().TryRelease());
    }

    [Fact]
    public void No_time_is_no_wait()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Assert.False(_manager.TryAcquire(_tracker, HoldKind.Read, TimeSpan.Zero, out HoldToken none));
        Assert.True(none == default);
        _manager.AcquireAsync(_tracker, HoldKind.Read, TimeSpan.Zero).AsTask().Failed<TimeoutException>();
        Assert.True(held.TryRelease());
    }

    [Fact]
    public void Who_runs_out_of_time_leaves_no_trace()
    {
        var time = new ManualTime();
        var manager = new LockManager(new() { TimeProvider = time });
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Task<HoldToken> wait = manager.AcquireAsync(_tracker, HoldKind.Read, TimeSpan.FromSeconds(5)).AsTask();
        Task<bool> blocked = Task.Run(() => manager.TryAcquire(_tracker, HoldKind.Write, 3, 4, TimeSpan.FromSeconds(6), out _));
        Assert.True(SpinWait.SpinUntil(() => time.Timers == 2, Waits.Patience));

        time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        wait.StillWaits();
        time.Advance(TimeSpan.FromTicks(1));
        wait.Failed<TimeoutException>();
        Assert.Equal(1, _tracker.Snapshot().Waiters);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(blocked.Wait(Waits.Patience));
        Assert.False(blocked.Result);

        Assert.Equal((0, 0), (manager.Waiters, time.Timers));
        _tracker.HasNoWaiters();
        Assert.True(held.TryRelease());
        Assert.Equal(default, _tracker.Snapshot());
    }

    [Fact]
    public void The_systems_clock_ends_a_wait_too()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Assert.False(_manager.TryAcquire(_tracker, HoldKind.Read, TimeSpan.FromMilliseconds(20), out _));
        _manager.AcquireAsync(_tracker, HoldKind.Read, TimeSpan.FromMilliseconds(20)).AsTask().Failed<TimeoutException>();
        _tracker.HasNoWaiters();
        Assert.True(held.TryRelease());
    }

    [Fact]
    public void Who_is_cancelled_leaves_no_trace()
    {
        using var source = new CancellationTokenSource();
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Read, source.Token);
        Task<HoldToken> blocked = Task.Run(() => _manager.Acquire(_tracker, HoldKind.Write, source.Token));
        Assert.True(SpinWait.SpinUntil(() => _manager.Waiters == 2, Waits.Patience));
        source.Cancel();
        Assert.Equal(source.Token, wait.Failed<OperationCanceledException>().CancellationToken);
        Assert.Equal(source.Token, blocked.Failed<OperationCanceledException>().CancellationToken);
        Assert.Equal(0, _manager.Waiters);
        _tracker.HasNoWaiters();
        Assert.True(held.TryRelease());
        Assert.Equal(default, _tracker.Snapshot());
    }

    [Fact]
    public void Who_is_cancelled_before_does_not_begin()
    {
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => _manager.Acquire(_tracker, HoldKind.Read, cancelled));
        Assert.Throws<OperationCanceledException>(() => _manager.TryAcquire(_tracker, HoldKind.Read, TimeSpan.Zero, out _, cancelled));
        Assert.True(_manager.AcquireAsync(_tracker, HoldKind.Read, cancelled).IsCanceled);
        Assert.Equal(default, _tracker.Snapshot());
    }

    [Fact]
    public void A_cancelled_writer_does_not_strand_the_readers_behind_it()
    {
        using var source = new CancellationTokenSource();
        HoldToken reader = _tracker.Take(HoldKind.Read);
        Task<HoldToken> writer = _manager.Begin(_tracker, HoldKind.Exclusive, source.Token);
        Task<HoldToken> parts = BehindReserved(() => _manager.AcquireAsync(_tracker, HoldKind.Read, 5, 5).AsTask());
        Task<HoldToken> whole = BehindReserved(() => _manager.AcquireAsync(_tracker, HoldKind.Read).AsTask());
        source.Cancel();
        writer.Failed<OperationCanceledException>();
        Assert.True(parts.Granted().TryRelease());
        Assert.True(whole.Granted().TryRelease());
        Assert.True(reader.TryRelease());
        _tracker.HasNoWaiters();
    }

    [Fact]
    public void An_interrupted_thread_leaves_no_trace()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(() => _manager.Acquire(_tracker, HoldKind.Read)));
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => _tracker.Snapshot().Waiters == 1, Waits.Patience));
        thread.Interrupt();
        Assert.True(thread.Join(Waits.Patience));
        Assert.IsType<ThreadInterruptedException>(thrown);
        Assert.Equal(0, _manager.Waiters);
        _tracker.HasNoWaiters();
        Assert.True(held.TryRelease());
    }

    [Theory]
    [MemberData(nameof(Kinds.Invalid), MemberType = typeof(Kinds))]
    public void What_is_no_kind_is_an_argument_error(HoldKind kind)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _manager.Acquire(_tracker, kind));
        Assert.Throws<ArgumentOutOfRangeException>(() => _manager.TryAcquire(_tracker, kind, 0, 1, TimeSpan.Zero, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = _manager.AcquireAsync(_tracker, kind); });
    }

    [Fact]
    public void Bad_arguments_come_first()
    {
        _tracker.Retire();
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<ArgumentNullException>(() => _manager.Acquire(null!, HoldKind.Read));
        Assert.Throws<ArgumentOutOfRangeException>(() => _manager.Acquire(_tracker, HoldKind.Read, 90, 11, cancelled));
        Assert.Throws<ArgumentOutOfRangeException>(() => _manager.TryAcquire(_tracker, HoldKind.Read, TimeSpan.FromMilliseconds(-2), out _, cancelled));
        Assert.Throws<ArgumentOutOfRangeException>(() => _manager.TryAcquire(_tracker, HoldKind.Read, TimeSpan.FromDays(50), out _, cancelled));
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = _manager.AcquireAsync(_tracker, HoldKind.Read, TimeSpan.MinValue); });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LockManager(new() { MaxWaiters = -1 }));
        Assert.Throws<ArgumentNullException>(() => new LockManager(new() { TimeProvider = null! }));
    }

    [Fact]
    public void What_is_dead_is_not_waited_for()
    {
        _tracker.Retire();
        Assert.Throws<ObjectDisposedException>(() => _manager.Acquire(_tracker, HoldKind.Read));
        _manager.AcquireAsync(_tracker, HoldKind.Read, 0, 5).AsTask().Failed<ObjectDisposedException>();
    }

    [Fact]
    public void The_number_of_waiters_can_be_limited()
    {
        var manager = new LockManager(new() { MaxWaiters = 2 });
        var other = new HoldTracker(1);
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        HoldToken elsewhere = other.Take(HoldKind.Exclusive);
        Task<HoldToken> first = manager.Begin(_tracker, HoldKind.Read);
        Task<HoldToken> second = manager.Begin(other, HoldKind.Read);

        BufferException refusal = Assert.Throws<BufferException>(() => manager.Acquire(_tracker, HoldKind.Read));
        Assert.Contains("2", refusal.Message, StringComparison.Ordinal);
        Assert.IsType<BufferException>(manager.AcquireAsync(_tracker, HoldKind.Read).AsTask().Failed<BufferException>());
        Assert.Equal(2, manager.Waiters);

        // What is free needs no waiting, and others have a limit of their own.
        Assert.True(manager.Acquire(new HoldTracker(1), HoldKind.Exclusive).TryRelease());
        Task<HoldToken> third = _manager.Begin(_tracker, HoldKind.Read);
        Assert.True(held.TryRelease());
        first.Granted();
        third.Granted();
        Task<HoldToken> fourth = manager.AcquireAsync(other, HoldKind.Read).AsTask();
        Assert.True(elsewhere.TryRelease());
        second.Granted();
        fourth.Granted();
        Assert.Equal(0, manager.Waiters);
    }

    [Fact]
    public void A_task_gives_its_hold_once()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        ValueTask<HoldToken> wait = _manager.AcquireAsync(_tracker, HoldKind.Exclusive);
        Assert.True(held.TryRelease());
        Assert.True(SpinWait.SpinUntil(() => wait.IsCompleted, Waits.Patience));
        Assert.True(wait.Result.TryRelease());
        Assert.Throws<InvalidOperationException>(() => wait.Result);
        Assert.Equal(default, _tracker.Snapshot());
    }

    [Fact]
    public void A_continuation_does_not_run_on_the_thread_that_releases()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        int releasing = Environment.CurrentManagedThreadId;
        using var blocked = new ManualResetEventSlim();
        Task<int> thread = Continue();
        Assert.True(held.TryRelease());

        // Were it inline, the release would not have come back.
        blocked.Set();
        Assert.True(thread.Wait(Waits.Patience));

        async Task<int> Continue()
        {
            HoldToken token = await _manager.AcquireAsync(_tracker, HoldKind.Exclusive).ConfigureAwait(false);
            blocked.Wait(Waits.Patience);
            token.TryRelease();
            return Environment.CurrentManagedThreadId == releasing ? -1 : 0;
        }
    }

    // One who comes when the waiters before are past passing.
    private static Task<HoldToken> BehindReserved(Func<Task<HoldToken>> begin)
    {
        Thread.Sleep(5);
        Task<HoldToken> wait = begin();
        Assert.False(wait.IsCompleted);
        return wait;
    }
}
