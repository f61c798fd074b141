using System.Diagnostics;
using System.Globalization;
using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Tests.Tracker;

/// <summary>Explores sets of scenarios and says what that took.</summary>
internal static class Exploring
{
    /// <summary>Explores all; fails with the first failure.</summary>
    public static void All(IEnumerable<Scenario> scenarios, ExplorerOptions? options = null)
    {
        long schedules = 0, cut = 0, steps = 0;
        int count = 0;
        var watch = Stopwatch.StartNew();
        foreach (Scenario scenario in scenarios)
        {
            ExplorationResult result = Explorer.Explore(scenario, options).Verify();
            count++;
            schedules += result.Schedules;
            cut += result.Cut;
            steps += result.Steps;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} scenarios, {schedules} schedules to their end, {cut} cut, {steps} steps, {watch.Elapsed.TotalSeconds:F1} s"));
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
