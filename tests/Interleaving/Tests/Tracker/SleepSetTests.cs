using FastBuffers.Interleaving.Engine;
using FastBuffers.Interleaving.Scenarios;

namespace FastBuffers.Interleaving.Tests.Tracker;

/// <summary>What is left out because steps commute are orders, never states: with and without, the same states are visited.</summary>
public sealed class SleepSetTests
{
    [Fact]
    public void Every_state_of_pairs_is_visited() => Compare(TrackerSuite.BasicPairs());

    [Fact]
    public void Every_state_of_triples_is_visited() => Compare(TrackerSuite.Triples());

    [Fact]
    public void Every_state_is_visited_with_one_thread_halted() =>
        Compare(TrackerSuite.BasicPairs(), Exploring.Everything with { HaltThreads = true });

    /// <summary>With stores, which wait in buffers.</summary>
    [Fact]
    public void Every_state_of_a_resize_is_visited() => Compare(TrackerSuite.ResizePairs().Where(static (_, index) => index % 8 == 0));

    // A visit with sleep is one without, so equal numbers are equal sets.
    private static void Compare(IEnumerable<Scenario> scenarios, ExplorerOptions? options = null)
    {
        options ??= Exploring.Everything;
        long cut = 0, cutAsleep = 0;
        foreach (Scenario scenario in scenarios)
        {
            ExplorationResult all = Explorer.Explore(scenario, options with { Sleep = false }).Verify();
            ExplorationResult asleep = Explorer.Explore(scenario, options).Verify();
            Assert.True(all.States == asleep.States, $"Of {all.States} states, {asleep.States} were visited: {scenario.Name}");
            cut += all.Cut;
            cutAsleep += asleep.Cut;
        }

        Assert.InRange(cutAsleep, 0, cut * 9 / 10);
    }
}
