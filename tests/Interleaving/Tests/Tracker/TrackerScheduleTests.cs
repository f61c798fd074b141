using System.Diagnostics;
using FastBuffers.Interleaving.Engine;
using FastBuffers.Interleaving.Scenarios;

namespace FastBuffers.Interleaving.Tests.Tracker;

/// <summary>Every pair and triple of operations on one domain, in every schedule.</summary>
public sealed class TrackerScheduleTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_pair_of_operations() => ExploreAll(Pairs(HoldProgram.All), ExplorerOptions.Default);

    [Fact]
    public void Every_pair_with_one_thread_halted_for_ever_at_any_step() =>
        ExploreAll(Pairs(HoldProgram.All), new ExplorerOptions { HaltThreads = true });

    [Fact]
    public void Every_triple_of_operations() => ExploreAll(Triples(HoldProgram.Basic), ExplorerOptions.Default);

    private static IEnumerable<TrackerScenario> Pairs(HoldProgram[] programs) => Possible(
        from a in Enumerable.Range(0, programs.Length)
        from b in Enumerable.Range(a, programs.Length - a)
        select new[] { programs[a], programs[b] },
        releases: true);

    private static IEnumerable<TrackerScenario> Triples(HoldProgram[] programs) => Possible(
        from a in Enumerable.Range(0, programs.Length)
        from b in Enumerable.Range(a, programs.Length - a)
        from c in Enumerable.Range(b, programs.Length - b)
        select new[] { programs[a], programs[b], programs[c] },
        releases: false);

    private static IEnumerable<TrackerScenario> Possible(IEnumerable<HoldProgram[]> tuples, bool releases) => tuples
        .SelectMany(tuple => new[] { new TrackerScenario(tuple, reversed: false, releases), new TrackerScenario(tuple, reversed: true, releases) })
        .Where((scenario, index) => scenario.IsPossible && (index % 2 == 0 || scenario.HasOrder));

    private void ExploreAll(IEnumerable<TrackerScenario> scenarios, ExplorerOptions options)
    {
        long schedules = 0, cut = 0, steps = 0;
        int count = 0;
        var watch = Stopwatch.StartNew();
        foreach (TrackerScenario scenario in scenarios)
        {
            long start = watch.ElapsedMilliseconds;
            ExplorationResult result = Explorer.Explore(scenario, options).Verify();
            count++;
            schedules += result.Schedules;
            cut += result.Cut;
            steps += result.Steps;
            if (watch.ElapsedMilliseconds - start > 500)
            {
                output.WriteLine($"{watch.ElapsedMilliseconds - start} ms: {result}");
            }
        }

        output.WriteLine($"{count} scenarios, {schedules} schedules to their end, {cut} cut, {steps} steps, {watch.Elapsed.TotalSeconds:F1} s");
    }
}
