using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios;

/// <summary>Sets of scenarios; a variant runs them on its own copy of the library.</summary>
internal static class TrackerSuite
{
    private static readonly HoldKind[] s_kinds = [HoldKind.Read, HoldKind.Write, HoldKind.Immutable, HoldKind.Exclusive];
    private static readonly HoldKind[] s_extremes = [HoldKind.Read, HoldKind.Exclusive];
    private static readonly HoldProgram s_use = new(HoldKind.None, CallKind.Use, HoldKind.Exclusive, OfThread: 0);
    private static readonly HoldProgram[] s_holders =
    [
        new(HoldKind.Exclusive, CallKind.Release),
        new(HoldKind.Exclusive, CallKind.Downgrade, HoldKind.Read),
        new(HoldKind.Exclusive, CallKind.FreezeHeld, HoldKind.Immutable),
        new(HoldKind.Exclusive, CallKind.Use, HoldKind.Exclusive),
    ];

    private static readonly bool[] s_scopedOrNot = [false, true];

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

    /// <summary>Takes beside a retire, after an Exclusive hold that was there when it came: of Read and Exclusive, or of all kinds.</summary>
    public static IEnumerable<Scenario> TakesAfterRetire(bool ofAllKinds) =>
        from scoped in s_scopedOrNot
        from first in ofAllKinds ? s_kinds : s_extremes
        from second in (ofAllKinds ? s_kinds : s_extremes).AsEnumerable().Reverse()
        let takes = new HoldProgram(HoldKind.None, CallKind.Take, second) { IsScoped = scoped }
        select new TrackerScenario(
            [new(HoldKind.Exclusive, CallKind.Take, first) { IsScoped = scoped }, takes, new(HoldKind.None, CallKind.Retire)],
            releases: false);

    /// <summary>A take that saw the word idle, while an Exclusive hold comes, meets a retire, and goes.</summary>
    public static IEnumerable<Scenario> ExclusiveComesAndGoes() =>
        from scoped in s_scopedOrNot
        from kind in s_extremes
        select new TrackerScenario(
            [
                new(HoldKind.None, CallKind.Take, kind) { IsScoped = scoped },
                new(HoldKind.None, CallKind.Take, HoldKind.Exclusive) { IsScoped = scoped },
                new(HoldKind.None, CallKind.Retire),
            ]);

    /// <summary>Every pair of a scoped hold and anything.</summary>
    public static IEnumerable<Scenario> ScopedPairs() => PairsOf(HoldProgram.Scoped, [.. HoldProgram.All, .. HoldProgram.Scoped]);

    /// <summary>A scoped hold that its thread releases twice, beside a take.</summary>
    public static IEnumerable<Scenario> ScopedDoubleReleases() =>
        from kind in s_kinds
        from scoped in s_scopedOrNot
        from taken in s_kinds
        select new TrackerScenario(
            [new(kind, CallKind.Release) { IsScoped = true, ReleasesTwice = true }, new(HoldKind.None, CallKind.Take, taken) { IsScoped = scoped }],
            releases: false);

    /// <summary>Every pair of a resize and anything else, to another length and to nothing.</summary>
    public static IEnumerable<Scenario> ResizePairs() => PairsOf(
        [HoldProgram.Resize(8192), HoldProgram.Resize(0)], [HoldProgram.Resize(1), .. HoldProgram.All, .. HoldProgram.Scoped]);

    /// <summary>Every pair on a domain of length 0.</summary>
    public static IEnumerable<Scenario> EmptyPairs()
    {
        HoldProgram[] programs = [.. HoldProgram.All, HoldProgram.Resize(4096), HoldProgram.Scoped[0], HoldProgram.Scoped[3]];
        return PairsOf(programs, programs, length: 0);
    }

    /// <summary>An Exclusive hold, a use of it by another thread, and anything that a third may want meanwhile.</summary>
    public static IEnumerable<Scenario> UseTriples() =>
        from holder in s_holders
        from third in s_kinds.Select(kind => new HoldProgram(HoldKind.None, CallKind.Take, kind))
            .Append(new(HoldKind.None, CallKind.Retire))
            .Append(new(HoldKind.None, CallKind.Release, OfThread: 0))
            .Append(HoldProgram.Free)
            .Append(s_use)
        where third.Kind != CallKind.Release || holder.Kind is CallKind.Release or CallKind.Use // A converted hold has another token.
        select new TrackerScenario([holder, s_use, third]);

    /// <summary>An Exclusive hold, and a use of it by another thread.</summary>
    public static IEnumerable<Scenario> UsePairs() => s_holders.Select(holder => new TrackerScenario([holder, s_use]));

    /// <summary>Tickets that travel between two threads by the depot, of two slots; see <see cref="DepotScenario"/>.</summary>
    public static IEnumerable<Scenario> Depots() =>
    [
        new DepotScenario(["-", "-"], stock: 0, losses: 0),
        new DepotScenario(["-", "-"], stock: 1, losses: 1),
        new DepotScenario(["-", "+"], stock: 0, losses: 0),
        new DepotScenario(["-", "+"], stock: 2, losses: 1),
        new DepotScenario(["+", "+"], stock: 1, losses: 0),
        new DepotScenario(["--", "++"], stock: 0, losses: 0),
        new DepotScenario(["-+", "+-"], stock: 1, losses: 1),
        new DepotScenario(["-", "-", "+"], stock: 1, losses: 1),
    ];

    private static IEnumerable<TrackerScenario> PairsOf(HoldProgram[] programs) => PairsOf(programs, programs);

    // Each pair once, also where both sets have it.
    private static IEnumerable<TrackerScenario> PairsOf(HoldProgram[] programs, HoldProgram[] others, int length = 4096) =>
        from a in programs.Index()
        from b in others
        where Array.IndexOf(programs, b) is var index && (index < 0 || index >= a.Index)
        from scenario in BothOrders([a.Item, b], releases: true, length)
        select scenario;

    private static IEnumerable<TrackerScenario> TriplesOf(HoldProgram[] programs, Func<TrackerScenario, bool> includes) =>
        from a in Enumerable.Range(0, programs.Length)
        from b in Enumerable.Range(a, programs.Length - a)
        from c in Enumerable.Range(b, programs.Length - b)
        from scenario in BothOrders([programs[a], programs[b], programs[c]], releases: false)
        where includes(scenario)
        select scenario;

    private static IEnumerable<TrackerScenario> BothOrders(HoldProgram[] programs, bool releases, int length = 4096)
    {
        var scenario = new TrackerScenario(programs, reversed: false, releases, length);
        if (!scenario.IsPossible)
        {
            yield break;
        }

        yield return scenario;
        if (scenario.HasOrder)
        {
            yield return new TrackerScenario(programs, reversed: true, releases, length);
        }
    }
}
