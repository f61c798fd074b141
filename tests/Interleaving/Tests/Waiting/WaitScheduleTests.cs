using FastBuffers.Interleaving.Engine;
using FastBuffers.Interleaving.Scenarios.Waiting;
using FastBuffers.Interleaving.Tests.Tracker;

namespace FastBuffers.Interleaving.Tests.Waiting;

/// <summary>Waiters, those who make room for them, and those who give up. In schedules with few preemptions, unless there is time for more.</summary>
public sealed class WaitScheduleTests
{
    private static readonly ExplorerOptions s_two = new() { OnlyPausesWait = true, MaxPreemptions = Exploring.IsExhaustive ? null : 3 };

    private static readonly ExplorerOptions s_three = s_two with { MaxPreemptions = Exploring.IsExhaustive ? 3 : 1 };

    [Fact]
    public void No_wake_up_is_lost() => Explore(WaitSuite.WakeUps());

    [Fact]
    public void No_wake_up_is_lost_among_three() => Explore(WaitSuite.Three());

    [Fact]
    public void Who_is_cancelled_while_he_is_granted_has_the_hold_or_has_left() => Explore(WaitSuite.Cancellations());

    [Fact]
    public void Of_two_upgraders_one_wins_at_most_and_nobody_is_left_waiting() => Explore(WaitSuite.Upgraders());

    [Fact]
    public void Who_does_not_wait_strands_nobody() => Explore(WaitSuite.Passers());

    [Fact]
    public void Whom_a_release_leaves_to_one_who_spins_that_one_does_not_forget() => Explore(WaitSuite.Spinners());

    [Fact]
    public void No_wake_up_is_lost_among_three_with_parts() =>
        Exploring.All(WaitSuite.ThreeOnParts(), s_three with { MaxPreemptions = Exploring.IsExhaustive ? 1 : 0 });

    [Fact]
    public void What_ends_all_waiting_misses_nobody() => Explore(WaitSuite.Ends());

    /// <summary>Three are too long for all schedules even without a preemption: by chance, unless there is time.</summary>
    [Fact]
    public void Who_takes_several_in_opposite_orders_gets_them()
    {
        ILookup<bool, Scenario> byThreads = WaitSuite.AcquireAll().ToLookup(static scenario => scenario.Threads > 2);
        Exploring.All(byThreads[false], s_two with { MaxPreemptions = Exploring.IsExhaustive ? 2 : 1 });
        Exploring.All(byThreads[true], s_three with { MaxPreemptions = 0, Seed = Exploring.IsExhaustive ? null : 5, RandomExecutions = 3_000 });
        if (!Exploring.IsExhaustive)
        {
            Exploring.All(byThreads[true], s_three with { MaxPreemptions = null, Seed = 6, RandomExecutions = 3_000 });
        }
    }

    [Fact]
    public void What_is_refused_of_several_was_never_in_the_way()
    {
        Scenario[] scenarios = [.. WaitSuite.Several()];
        Exploring.All(scenarios, s_two);
        Assert.All(scenarios, static scenario => Assert.Equal(["granted", "refused"], scenario.Witnessed.Order(StringComparer.Ordinal)));
    }

    private static void Explore(IEnumerable<Scenario> scenarios)
    {
        ILookup<bool, Scenario> byThreads = scenarios.ToLookup(static scenario => scenario.Threads > 2);
        Exploring.All(byThreads[false], s_two);
        Exploring.All(byThreads[true], s_three);
    }
}
