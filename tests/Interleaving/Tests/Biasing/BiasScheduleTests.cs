using FastBuffers.Interleaving.Engine;
using FastBuffers.Interleaving.Scenarios.Biasing;
using FastBuffers.Interleaving.Tests.Tracker;

namespace FastBuffers.Interleaving.Tests.Biasing;

/// <summary>
/// Readers that take and leave by plain stores, and those who revoke the bias. In schedules with few preemptions, unless there is time for
/// more.
/// </summary>
public sealed class BiasScheduleTests
{
    private static readonly ExplorerOptions s_two = new() { OnlyPausesWait = true, MaxPreemptions = Exploring.IsExhaustive ? null : 2 };

    private static readonly ExplorerOptions s_three = s_two with { MaxPreemptions = 1 };

    [Fact]
    public void A_reader_is_never_beside_what_excludes_it() => Exploring.All(BiasSuite.Pairs(), s_two);

    [Fact]
    public void A_second_release_ends_no_other_hold() => Exploring.All(BiasSuite.Copies(), s_two);

    [Fact]
    public void A_bias_that_begins_refuses_nobody_for_nothing() => Exploring.All(BiasSuite.Beginnings(), s_two);

    [Fact]
    public void Three_are_never_beside_what_excludes_them()
    {
        // All schedules with one preemption take many minutes: random ones, unless there is time.
        Exploring.All(
            BiasSuite.Three(),
            Exploring.IsExhaustive ? s_three : s_three with { MaxPreemptions = null, Seed = 7, RandomExecutions = 3_000 });
    }

    [Fact]
    public void Readers_were_biased_and_counted_and_others_refused()
    {
        Scenario[] scenarios = [.. BiasSuite.Pairs()];
        Exploring.All(scenarios, s_two with { MaxPreemptions = 1 });

        Assert.Superset(new HashSet<string> { "biased", "counted", "refused" }, scenarios.SelectMany(scenario => scenario.Witnessed).ToHashSet());
    }
}
