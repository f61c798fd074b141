using System.Runtime.CompilerServices;

namespace FastBuffers.Interleaving.Engine;

/// <summary>
/// Runs a scenario under every schedule of its threads and of their store buffers (x64's memory model: a store is seen by its own thread
/// at once, by all others at the same later instant, and stores of one thread in their order).
/// </summary>
public static class Explorer
{
    private static long s_schedules;
    private static long s_explorations;

    /// <summary>Schedules that ran to their end in this process, over all explorations.</summary>
    public static long TotalSchedules => System.Threading.Interlocked.Read(ref s_schedules);

    /// <summary>Explorations in this process.</summary>
    public static long TotalExplorations => System.Threading.Interlocked.Read(ref s_explorations);

    /// <summary>Explores <paramref name="scenario"/>; the first failure ends it and is traced.</summary>
    /// <param name="scenario">The program.</param>
    /// <param name="options">How far; null for everything.</param>
    public static ExplorationResult Explore(Scenario scenario, ExplorerOptions? options = null)
    {
        options ??= ExplorerOptions.Default;
        ScheduleStrategy strategy = options.Seed is { } seed ? new RandomStrategy(seed, options.RandomExecutions) : new DepthFirstStrategy(options.Prune, options.Sleep);
        ExplorationResult result = Run(scenario, options, strategy, new StepRules(), trace: false);
        System.Threading.Interlocked.Add(ref s_schedules, result.Schedules);
        System.Threading.Interlocked.Increment(ref s_explorations);
        if (result.Failure is not { } failure)
        {
            return result;
        }

        ScheduleFailure? again = Replay(scenario, failure.Schedule, options).Failure;
        string seedText = options.Seed is { } used ? $" (seed {used})" : "";
        return result with
        {
            Failure = failure with
            {
                Message = failure.Message + seedText + (again is null ? " A replay did not fail: the scenario is not deterministic." : ""),
                Trace = again?.Trace ?? "",
            },
        };
    }

    /// <summary>Runs one schedule, with a trace.</summary>
    /// <param name="scenario">The program.</param>
    /// <param name="schedule">What <see cref="ScheduleFailure.Schedule"/> said.</param>
    /// <param name="options">The options it was found with.</param>
    public static ExplorationResult Replay(Scenario scenario, string schedule, ExplorerOptions? options = null)
    {
        ReadOnlySpan<string> words = schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        StepRules rules = StepRules.Parse(ref words);
        var strategy = new ReplayStrategy([.. words.ToArray().Select(Choice.Parse)]);
        return Run(scenario, options ?? ExplorerOptions.Default, strategy, rules, trace: true);
    }

    // The frame that holds the references must outlive every use of them, so nothing may fold it into a caller that has moved on.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe ExplorationResult Run(
        Scenario scenario, ExplorerOptions options, ScheduleStrategy strategy, StepRules rules, bool trace)
    {
        LocationSlots slots = default;
        var locations = new LocationTable((LocationSlot*)&slots);
        using var exploration = new Exploration(scenario, options, strategy, locations, rules, trace);
        scenario.Exploration = exploration;
        exploration.Run();
        scenario.Exploration = null;
        locations.Clear();
        return new ExplorationResult(
            scenario.Name, exploration.Schedules, strategy.Cut, exploration.Steps, strategy.States, exploration.IsComplete, exploration.Failure);
    }
}
