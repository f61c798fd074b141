using System.Diagnostics;
using System.Globalization;
using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Tests.Tracker;

/// <summary>Explores sets of scenarios and says what that took.</summary>
internal static class Exploring
{
    /// <summary>Whether there is time for what adds minutes to the run; what runs without it runs with it too.</summary>
    public static bool IsExhaustive => Environment.GetEnvironmentVariable("FASTBUFFERS_EXHAUSTIVE") == "1";

    /// <summary>
    /// Every schedule of the library's code. All its loops that wait for others pause in a <c>SpinWait</c>; one that did not would run on
    /// until it had taken more steps than are allowed.
    /// </summary>
    public static ExplorerOptions Everything { get; } = new() { OnlyPausesWait = true };

    /// <summary>Explores all; fails with the trace of the first failure and the names of all.</summary>
    public static void All(IEnumerable<Scenario> scenarios, ExplorerOptions? options = null)
    {
        long schedules = 0, cut = 0, steps = 0, states = 0;
        int count = 0;
        var watch = Stopwatch.StartNew();
        var failed = new List<ExplorationResult>();
        foreach (Scenario scenario in scenarios)
        {
            ExplorationResult result = Explorer.Explore(scenario, options ?? Everything);
            if (result.Failure is not null || !result.Complete)
            {
                failed.Add(result);
            }

            count++;
            schedules += result.Schedules;
            cut += result.Cut;
            steps += result.Steps;
            states += result.States;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} scenarios, {schedules} schedules to their end, {cut} cut, {steps} steps, {states} states, {watch.Elapsed.TotalSeconds:F1} s"));
        Assert.True(failed.Count == 0, $"{failed.Count} scenarios failed: {string.Join("; ", failed.Select(result => result.Scenario))}\n{failed.FirstOrDefault()}");
    }

    /// <summary>Explores until one fails, which one must: the first failure.</summary>
    public static ExplorationResult Catch(IEnumerable<Scenario> scenarios, ExplorerOptions? options = null)
    {
        ExplorationResult? caught = scenarios.Select(scenario => Explorer.Explore(scenario, options)).FirstOrDefault(result => result.Failure is not null);
        Assert.True(caught is not null, "The planted bug was not caught.");
        TestContext.Current.TestOutputHelper?.WriteLine(caught.ToString());
        return caught;
    }
}
