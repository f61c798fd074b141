using FastBuffers.Locking.Tests.Waiting;

namespace FastBuffers.Locking.Tests.Deadlocks;

public sealed class DeadlockTests
{
    private readonly LockManager _manager = new(new() { DetectDeadlocks = true });
    private readonly HoldTracker _a = new(100);
    private readonly HoldTracker _b = new(200);
    private readonly HoldTracker _c = new(300);
    private readonly HoldOwner _one = new("one");
    private readonly HoldOwner _two = new("two");
    private readonly HoldOwner _three = new("three");

    [Fact]
    public void Two_who_wait_for_each_other_are_a_cycle_and_the_second_one_hears_of_it()
    {
        HoldToken a = _one.Has(_manager, _a, HoldKind.Write);
        HoldToken b = _two.Has(_manager, _b, HoldKind.Exclusive);
        Task<HoldToken> wait = _one.Waits(_manager, _b, HoldKind.Read);

        Task<HoldToken> closing = _two.Asks(_manager, _a, HoldKind.Immutable, 10, 20);
        IReadOnlyList<DeadlockStep> cycle = closing.Deadlocks();

        Assert.Equal([_two, _one], cycle.Select(static step => step.Owner));
        Assert.Equal([_a, _b], cycle.Select(static step => step.Domain));
        Assert.Equal(
            [new() { Kind = HoldKind.Immutable, Start = 10, Length = 20 }, new() { Kind = HoldKind.Read, Length = 200 }],
            cycle.Select(static step => step.Wanted));
        Assert.Equal(
            [new() { Kind = HoldKind.Write, Length = 100 }, new HoldInfo { Kind = HoldKind.Exclusive, Length = 200 }],
            cycle.Select(static step => step.Blocking));
        Assert.DoesNotContain(cycle, static step => step.IsBlockerWaiting);
        Assert.Equal(
            string.Join(
                Environment.NewLine,
                "To wait for this would be to wait for ever:",
                "two waits for Immutable of [10, 30) of HoldTracker of 100 bytes, where one has Write of [0, 100).",
                "one waits for Read of [0, 200) of HoldTracker of 200 bytes, where two has Exclusive of [0, 200)."),
            closing.Exception!.InnerException!.Message);

        // Nothing was left behind, and the way out is what it always was.
        _a.HasNoWaiters();
        Assert.Equal(1, _manager.Waiters);
        wait.StillWaits();
        b.TryRelease();
        wait.Granted().TryRelease();
        a.TryRelease();
        Assert.Equal((default, default), (_a.Snapshot(), _b.Snapshot()));
    }

    [Fact]
    public void Three_are_a_cycle()
    {
        HoldToken[] held =
        [
            _one.Has(_manager, _a, HoldKind.Exclusive), _two.Has(_manager, _b, HoldKind.Exclusive), _three.Has(_manager, _c, HoldKind.Exclusive),
        ];
        Task<HoldToken> first = _one.Waits(_manager, _b, HoldKind.Read);
        Task<HoldToken> second = _two.Waits(_manager, _c, HoldKind.Read);

        IReadOnlyList<DeadlockStep> cycle = _three.Asks(_manager, _a, HoldKind.Read).Deadlocks();

        Assert.Equal([_three, _one, _two], cycle.Select(static step => step.Owner));
        Assert.True(held[2].TryRelease());
        Assert.True(second.Granted().TryRelease());
        Assert.True(held[1].TryRelease());
        Assert.True(first.Granted().TryRelease());
        Assert.True(held[0].TryRelease());
    }

    [Fact]
    public void Parts_of_one_tracker_are_as_good_as_two_and_those_that_do_not_meet_are_no_edges()
    {
        _one.Has(_manager, _a, HoldKind.Write, 0, 10);
        HoldToken mine = _two.Has(_manager, _a, HoldKind.Write, 10, 10);
        Task<HoldToken> wait = _one.Waits(_manager, _a, HoldKind.Immutable, 19, 5);

        // Beside it, and up to it.
        Assert.True(_two.Asks(_manager, _a, HoldKind.Exclusive, 24, 76).Result.TryRelease());
        Assert.Equal([_two, _one], _two.Asks(_manager, _a, HoldKind.Exclusive, 9, 1).Deadlocks().Select(static step => step.Owner));
        mine.TryRelease();
        wait.Granted();
    }

    [Fact]
    public void Two_readers_who_both_want_all_are_a_cycle_each_of_its_own()
    {
        HoldToken reader = _one.Has(_manager, _a, HoldKind.Read);
        _two.Has(_manager, _a, HoldKind.Read);

        // Nobody gives up what he has while he waits, so not even one of them could.
        Assert.Equal([_one], _one.Asks(_manager, _a, HoldKind.Exclusive).Deadlocks().Select(static step => step.Owner));
        Assert.True(_one.Forget(reader));
        Task<HoldToken> wait = _one.Waits(_manager, _a, HoldKind.Exclusive);
        Assert.Equal([_two], _two.Asks(_manager, _a, HoldKind.Exclusive).Deadlocks().Select(static step => step.Owner));
        wait.StillWaits();
    }

    [Fact]
    public void Readers_who_want_what_the_other_reads_are_a_cycle()
    {
        _one.Has(_manager, _a, HoldKind.Read);
        _two.Has(_manager, _b, HoldKind.Read);
        _three.Has(_manager, _a, HoldKind.Read);
        _one.Waits(_manager, _b, HoldKind.Exclusive);

        // What the third one reads is in the way too, and is no part of it.
        Assert.Equal([_two, _one], _two.Asks(_manager, _a, HoldKind.Exclusive).Deadlocks().Select(static step => step.Owner));
    }

    [Fact]
    public void Who_has_to_stay_behind_one_who_waits_waits_for_him()
    {
        HoldToken reader = _one.Has(_manager, _a, HoldKind.Read);
        _two.Has(_manager, _b, HoldKind.Exclusive);
        Task<HoldToken> writer = _two.Waits(_manager, _a, HoldKind.Exclusive);
        Assert.True(SpinWait.SpinUntil(() => _a.TryTake(HoldKind.Read, out HoldToken token) is var taken && !(taken && token.TryRelease()), 10_000));
        Task<HoldToken> behind = _three.Waits(_manager, _a, HoldKind.Read);

        // The first one waits for the third one's other hold, if that had one.
        _three.Has(_manager, _c, HoldKind.Exclusive);
        IReadOnlyList<DeadlockStep> cycle = _one.Asks(_manager, _c, HoldKind.Read).Deadlocks();

        Assert.Equal([_one, _three, _two], cycle.Select(static step => step.Owner));
        Assert.Equal([false, true, false], cycle.Select(static step => step.IsBlockerWaiting));
        Assert.Equal(
            "three waits for Read of [0, 100) of HoldTracker of 100 bytes, behind two, which waits for Exclusive of [0, 100) of it",
            cycle[1].ToString());
        reader.TryRelease();
        writer.Granted().TryRelease();
        behind.Granted();
    }

    [Fact]
    public void A_thread_that_would_block_for_ever_throws()
    {
        _one.Has(_manager, _a, HoldKind.Exclusive);
        using (_two.Enter())
        {
            _manager.Acquire(_b, HoldKind.Exclusive);
            _one.Waits(_manager, _b, HoldKind.Read);
            DeadlockException deadlock = Assert.Throws<DeadlockException>(() => _manager.Acquire(_a, HoldKind.Read));
            Assert.Equal([_two, _one], deadlock.Cycle.Select(static step => step.Owner));

            // A time-out makes no difference; not to wait does.
            Assert.Throws<DeadlockException>(() => _manager.TryAcquire(_a, HoldKind.Read, 0, 1, TimeSpan.FromMinutes(1), out _));
            Assert.False(_manager.TryAcquire(_a, HoldKind.Read, TimeSpan.Zero, out _));
        }

        _a.HasNoWaiters();
        Assert.Equal(1, _manager.Waiters);
    }

    [Fact]
    public void What_a_thread_has_waited_for_is_its_own_too()
    {
        HoldToken first = _a.Take(HoldKind.Exclusive);
        var thread = new Thread(() =>
        {
            using (_one.Enter())
            {
                _manager.Acquire(_a, HoldKind.Immutable);
            }
        });
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => _manager.Waiters == 1, Waits.Patience));
        first.TryRelease();
        Assert.True(thread.Join(Waits.Patience));

        _two.Has(_manager, _b, HoldKind.Exclusive);
        _one.Waits(_manager, _b, HoldKind.Read);
        _two.Asks(_manager, _a, HoldKind.Write).Deadlocks();
    }

    [Fact]
    public async Task The_owner_goes_with_the_asynchronous_context()
    {
        HoldToken first = _a.Take(HoldKind.Exclusive);
        Task flow = Flow();
        first.TryRelease();
        await flow;
        Task<HoldToken> beside = _one.Waits(_manager, _b, HoldKind.Read);
        beside.StillWaits();
        Assert.Null(HoldOwner.Current);

        async Task Flow()
        {
            using HoldOwnerScope scope = HoldOwner.Begin("flow");
            Assert.Equal("flow", HoldOwner.Current!.ToString());
            HoldToken a = await _manager.AcquireAsync(_a, HoldKind.Exclusive);
            _one.Has(_manager, _c, HoldKind.Exclusive);
            await Task.Yield();
            Assert.Same(scope.Owner, HoldOwner.Current);
            await _manager.AcquireAsync(_b, HoldKind.Exclusive);
            Task<HoldToken> other = _one.Waits(_manager, _a, HoldKind.Read);
            DeadlockException deadlock = await Assert.ThrowsAsync<DeadlockException>(
                () => _manager.AcquireAsync(_c, HoldKind.Read).AsTask());
            Assert.Equal([scope.Owner, _one], deadlock.Cycle.Select(static step => step.Owner));
            a.TryRelease();
            await other;
        }
    }

    [Fact]
    public void A_wait_that_was_cancelled_is_in_no_cycle()
    {
        using var source = new CancellationTokenSource();
        _one.Has(_manager, _a, HoldKind.Exclusive);
        HoldToken b = _two.Has(_manager, _b, HoldKind.Exclusive);
        Task<HoldToken> cancelled = _one.Waits(_manager, _b, HoldKind.Read, source.Token);
        source.Cancel();
        cancelled.Failed<OperationCanceledException>();

        Task<HoldToken> wait = _two.Waits(_manager, _a, HoldKind.Read);
        Assert.Equal([_one, _two], _one.Asks(_manager, _b, HoldKind.Read).Deadlocks().Select(static step => step.Owner));
        wait.StillWaits();
        b.TryRelease();
    }

    [Fact]
    public void A_wait_that_failed_for_a_deadlock_is_in_no_other()
    {
        _one.Has(_manager, _a, HoldKind.Exclusive);
        HoldToken b = _two.Has(_manager, _b, HoldKind.Exclusive);
        HoldToken c = _two.Has(_manager, _c, HoldKind.Exclusive);
        Task<HoldToken> wait = _one.Waits(_manager, _b, HoldKind.Read);
        _two.Asks(_manager, _a, HoldKind.Exclusive).Deadlocks();
        b.TryRelease();
        wait.Granted();

        // The second one does not wait for the first one any more.
        Task<HoldToken> next = _one.Waits(_manager, _c, HoldKind.Read);
        c.TryRelease();
        next.Granted();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_nobody_owns_is_no_edge(bool takenByOther)
    {
        var plain = new LockManager();
        _one.Has(_manager, _a, HoldKind.Exclusive);
        HoldToken nobodys = takenByOther ? _two.Has(plain, _b, HoldKind.Exclusive) : _b.Take(HoldKind.Exclusive);
        Task<HoldToken> wait = _one.Waits(_manager, _b, HoldKind.Read);
        Task<HoldToken> other = _two.Waits(_manager, _a, HoldKind.Read);
        nobodys.TryRelease();
        wait.Granted();
        other.StillWaits();
    }

    [Fact]
    public void Who_waits_without_an_owner_is_no_edge()
    {
        HoldToken a = _one.Has(_manager, _a, HoldKind.Read);
        Task<HoldToken> nobodys = _manager.Begin(_a, HoldKind.Exclusive);
        Thread.Sleep(5);
        _two.Has(_manager, _b, HoldKind.Exclusive);
        Task<HoldToken> behind = _two.Waits(_manager, _a, HoldKind.Read);
        Task<HoldToken> wait = _one.Waits(_manager, _b, HoldKind.Read);
        a.TryRelease();
        nobodys.Granted().TryRelease();
        behind.Granted();
        wait.StillWaits();
    }

    [Fact]
    public void A_hold_that_another_thread_releases_is_an_edge_no_longer()
    {
        HoldToken a = _one.Has(_manager, _a, HoldKind.Exclusive);
        _two.Has(_manager, _b, HoldKind.Exclusive);
        Task<HoldToken> wait = _one.Waits(_manager, _b, HoldKind.Read);
        Task.Run(a.TryRelease).Wait();
        Assert.True(_two.Asks(_manager, _a, HoldKind.Read).Result.TryRelease());

        // Nor is what is taken there later, by nobody.
        HoldToken next = _a.Take(HoldKind.Exclusive);
        Task<HoldToken> other = _two.Waits(_manager, _a, HoldKind.Read);
        next.TryRelease();
        other.Granted();
        wait.StillWaits();
    }

    [Fact]
    public void A_hold_that_is_handed_over_is_the_other_ones()
    {
        HoldToken a = _one.Has(_manager, _a, HoldKind.Exclusive);
        _two.Adopt(a);
        Assert.False(_one.Forget(a));
        _two.Has(_manager, _b, HoldKind.Exclusive);
        _three.Has(_manager, _c, HoldKind.Exclusive);
        _one.Waits(_manager, _b, HoldKind.Read);
        _three.Waits(_manager, _a, HoldKind.Read);
        Assert.Equal([_two, _three], _two.Asks(_manager, _c, HoldKind.Read).Deadlocks().Select(static step => step.Owner));
        Assert.True(_two.Forget(a));
        _two.Waits(_manager, _c, HoldKind.Read);
    }

    [Fact]
    public void A_converted_hold_is_the_owners_when_he_says_so()
    {
        HoldToken weaker = _one.Has(_manager, _a, HoldKind.Exclusive).Downgrade(HoldKind.Write);
        _two.Has(_manager, _b, HoldKind.Exclusive);
        _one.Waits(_manager, _b, HoldKind.Read);
        using var source = new CancellationTokenSource();
        Task<HoldToken> unseen = _two.Waits(_manager, _a, HoldKind.Immutable, source.Token);
        source.Cancel();
        unseen.Failed<OperationCanceledException>();

        _one.Adopt(weaker);
        Assert.Equal(HoldKind.Write, _two.Asks(_manager, _a, HoldKind.Immutable).Deadlocks()[0].Blocking.Kind);
        Assert.True(_two.Asks(_manager, _a, HoldKind.Write).Result.TryRelease());
    }

    [Fact]
    public void Owners_are_seen_across_managers()
    {
        var other = new LockManager(new() { DetectDeadlocks = true });
        _one.Has(_manager, _a, HoldKind.Exclusive);
        _two.Has(other, _b, HoldKind.Exclusive);
        _one.Waits(other, _b, HoldKind.Read);
        _two.Asks(_manager, _a, HoldKind.Read).Deadlocks();
    }

    [Fact]
    public void Without_the_option_they_wait()
    {
        var plain = new LockManager();
        Assert.False(plain.DetectsDeadlocks);
        _one.Has(plain, _a, HoldKind.Exclusive);
        HoldToken b = _two.Has(plain, _b, HoldKind.Exclusive);
        Task<HoldToken> wait = _one.Waits(plain, _b, HoldKind.Read);
        _two.Waits(plain, _a, HoldKind.Read);
        b.TryRelease();
        wait.Granted();
    }

    [Fact]
    public void Waits_for_what_is_gone_are_in_no_cycle()
    {
        _one.Has(_manager, _a, HoldKind.Exclusive);
        _two.Has(_manager, _b, HoldKind.Exclusive);
        Task<HoldToken> wait = _one.Waits(_manager, _b, HoldKind.Read);
        _b.Retire();
        wait.Failed<ObjectDisposedException>();
        _two.Waits(_manager, _a, HoldKind.Read);
    }

    [Fact]
    public void A_scope_ends_once_and_brings_back_the_owner_before()
    {
        using (_one.Enter())
        {
            HoldOwnerScope inner = HoldOwner.Begin();
            Assert.Null(inner.Owner.Name);
            Assert.StartsWith("owner ", inner.Owner.ToString(), StringComparison.Ordinal);
            inner.Dispose();
            Assert.Same(_one, HoldOwner.Current);
            inner.Dispose();
            Assert.Same(_one, HoldOwner.Current);
        }

        Assert.Null(HoldOwner.Current);
    }

    [Fact]
    public void Who_has_many_holds_one_after_the_other_keeps_few()
    {
        for (int i = 0; i < 10_000; i++)
        {
            _one.Has(_manager, _a, HoldKind.Write).TryRelease();
        }

        Assert.InRange(WaitForGraph.CountHolds(_a), 1, 16);
    }
}
