using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios;

/// <summary>Sets of scenarios; a variant runs them on its own copy of the library.</summary>
internal static class TrackerSuite
{
    private static readonly HoldKind[] s_kinds = [HoldKind.Read, HoldKind.Write, HoldKind.Immutable, HoldKind.Exclusive];

    /// <summary>Every pair of operations, each followed by the release of what is held.</summary>
    public static IEnumerable<Scenario> Pairs() => PairsOf(HoldProgram.All);

    /// <summary>Every pair of the basic operations.</summary>
    public static IEnumerable<Scenario> BasicPairs() => PairsOf(HoldProgram.Basic);

    /// <summary>Every triple of the basic operations without retiring.</summary>
    public static IEnumerable<Scenario> Triples() => TriplesOf(HoldProgram.Basic, scenario => !scenario.Retires);

    /// <summary>Every triple of the basic operations with retiring.</summary>
    public static IEnumerable<Scenario> RetiringTriples() => TriplesOf(HoldProgram.Basic, scenario => scenario.Retires);

    /// <summary>
    /// A hold of each kind that two threads release at once (copies of one token), while a third takes or releases a hold of its own,
    /// which the second release must not end.
    /// </summary>
    public static IEnumerable<Scenario> DoubleReleases() =>
        from kind in s_kinds
        from third in s_kinds.Select(taken => new HoldProgram(HoldKind.None, CallKind.Take, taken)).Append(new HoldProgram(kind, CallKind.Release))
        from scenario in BothOrders(
            [new HoldProgram(kind, CallKind.Release), new HoldProgram(HoldKind.None, CallKind.Release, OfThread: 0), third],
            releases: false)
        select scenario;

    /// <summary>A take that a retire undoes, beside one that it refuses meanwhile.</summary>
    public static Scenario UndoneTake() => new TrackerScenario(
        [
            new HoldProgram(HoldKind.None, CallKind.Take, HoldKind.Read),
            new HoldProgram(HoldKind.None, CallKind.Take, HoldKind.Exclusive),
            new HoldProgram(HoldKind.None, CallKind.Retire),
        ],
        releases: false,
        strict: true);

    private static IEnumerable<TrackerScenario> PairsOf(HoldProgram[] programs) =>
        from a in Enumerable.Range(0, programs.Length)
        from b in Enumerable.Range(a, programs.Length - a)
        from scenario in BothOrders([programs[a], programs[b]], releases: true)
        select scenario;

    private static IEnumerable<TrackerScenario> TriplesOf(HoldProgram[] programs, Func<TrackerScenario, bool> includes) =>
        from a in Enumerable.Range(0, programs.Length)
        from b in Enumerable.Range(a, programs.Length - a)
        from c in Enumerable.Range(b, programs.Length - b)
        from scenario in BothOrders([programs[a], programs[b], programs[c]], releases: false)
        where includes(scenario)
        select scenario;

    private static IEnumerable<TrackerScenario> BothOrders(HoldProgram[] programs, bool releases)
    {
        var scenario = new TrackerScenario(programs, reversed: false, releases);
        if (!scenario.IsPossible)
        {
            yield break;
        }

        yield return scenario;
        if (scenario.HasOrder)
        {
            yield return new TrackerScenario(programs, reversed: true, releases);
        }
    }
}
