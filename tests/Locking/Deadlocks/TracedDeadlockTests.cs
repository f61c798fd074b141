using System.Runtime.CompilerServices;

namespace FastBuffers.Locking.Tests.Deadlocks;

[Collection(ProcessWide.Name)]
public sealed class TracedDeadlockTests
{
    [Fact]
    public void The_stacks_are_told_of_holds_and_waits_that_are_traced()
    {
        HoldDiagnostics.TraceHolds = true;
        HoldTracker traced;
        try
        {
            traced = new HoldTracker(10);
        }
        finally
        {
            HoldDiagnostics.TraceHolds = false;
        }

        var plain = new HoldTracker(10);
        var manager = new LockManager(new() { DetectDeadlocks = true });
        var one = new HoldOwner();
        var two = new HoldOwner();
        HoldToken a = TakenHere(one, manager, traced);
        two.Has(manager, plain, HoldKind.Exclusive);
        one.Waits(manager, plain, HoldKind.Read);

        Task<HoldToken> closing = two.Asks(manager, traced, HoldKind.Read);
        IReadOnlyList<DeadlockStep> cycle = closing.Deadlocks();

        Assert.Contains(nameof(TakenHere), cycle[0].Blocking.Stack, StringComparison.Ordinal);
        Assert.NotNull(cycle[0].Blocking.Age);
        Assert.Contains(nameof(The_stacks_are_told_of_holds_and_waits_that_are_traced), cycle[0].Wanted.Stack, StringComparison.Ordinal);
        Assert.Equal((null, null), (cycle[1].Blocking.Stack, cycle[1].Wanted.Stack));
        Assert.Contains(nameof(TakenHere), closing.Exception!.InnerException!.Message, StringComparison.Ordinal);
        Assert.True(a.TryRelease());
    }

    [Fact]
    public void A_lost_hold_is_found_although_it_was_recorded()
    {
        using var watch = new DiagnosticsWatch();
        var tracker = new HoldTracker(4_723);
        var manager = new LockManager(new() { DetectDeadlocks = true });
        Lose(manager, tracker);

        // Thousands that other tests have lost may come first.
        Assert.Contains(Enumerable.Range(0, 5), _ => DiagnosticsWatch.CollectUntil(() => !tracker.Snapshot().IsExclusive));
        Assert.Single(watch.Leaked, static report => report.ByteLength == 4_723);
        Assert.Equal(1, WaitForGraph.CountHolds(tracker));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Lose(LockManager manager, HoldTracker tracker)
    {
        using (HoldOwner.Begin())
        {
            manager.Acquire(tracker, HoldKind.Exclusive);
        }
    }

    private static HoldToken TakenHere(HoldOwner owner, LockManager manager, HoldTracker tracker) =>
        owner.Has(manager, tracker, HoldKind.Exclusive);
}
