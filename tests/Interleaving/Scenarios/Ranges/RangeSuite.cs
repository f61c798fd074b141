using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios;

/// <summary>Sets of scenarios with holds on parts; a variant runs them on its own copy of the library.</summary>
internal static class RangeSuite
{
    private static readonly HoldKind[] s_kinds = [HoldKind.Read, HoldKind.Write, HoldKind.Immutable, HoldKind.Exclusive];

    // Next to each other; one byte in common; one byte next to one byte; one inside the other; the same byte; no byte inside.
    private static readonly (int Start, int End, int Start2, int End2)[] s_places =
        [(0, 4, 4, 8), (0, 4, 3, 5), (3, 4, 4, 5), (0, 8, 3, 4), (2, 3, 2, 3), (0, 8, 4, 4)];

    private static readonly RangeProgram[] s_appenders = [RangeProgram.Publish(4, 4, 4), RangeProgram.Publish(4), RangeProgram.Append(8, 8)];

    private static readonly RangeProgram[] s_beside =
    [
        RangeProgram.Take(HoldKind.Read, 0, 4).Scoped(),
        RangeProgram.Take(HoldKind.Immutable, 0, 8),
        RangeProgram.Take(HoldKind.Read, 6, 10).Scoped(),
        RangeProgram.Take(HoldKind.Write, 0, 2).Scoped(),
        RangeProgram.Take(HoldKind.Exclusive, 12, 16).Scoped(),
        RangeProgram.Take(HoldKind.Read),
        RangeProgram.Upgrade(HoldKind.Read, 0, 4, HoldKind.Immutable),
        RangeProgram.Append(4),
    ];

    private static readonly RangeProgram s_downgrade = RangeProgram.Downgrade(HoldKind.Write, 0, 16, HoldKind.Read);

    /// <summary>Two takes of parts, in all kinds, that have bytes in common or not.</summary>
    public static IEnumerable<Scenario> Places() =>
        from a in s_kinds
        from b in s_kinds
        from place in s_places
        select new RangeScenario([RangeProgram.Take(a, place.Start, place.End), RangeProgram.Take(b, place.Start2, place.End2).Scoped()], TableStart.Entered);

    /// <summary>Two holds that need more room than the table has.</summary>
    public static IEnumerable<Scenario> Growths() =>
        from first in (RangeProgram[])[RangeProgram.Take(HoldKind.Exclusive, 0, 4), RangeProgram.Split(0, 8, 4), RangeProgram.Share(HoldKind.Read, 0, 8, HoldKind.Read, 2, 4)]
        from second in (RangeProgram[])[RangeProgram.Take(HoldKind.Exclusive, 3, 5).Scoped(), RangeProgram.Take(HoldKind.Read), RangeProgram.Release(HoldKind.Read, 0, 2)]
        let scenario = new RangeScenario([first, second], TableStart.Full)
        where scenario.IsPossible
        select scenario;

    /// <summary>The pairs of operations of which at least one is on a part, that have few steps.</summary>
    public static IEnumerable<Scenario> ShortPairs(TableStart start) => PairsOf(start, isLong: false);

    /// <summary>And those that have many.</summary>
    public static IEnumerable<Scenario> LongPairs(TableStart start) => PairsOf(start, isLong: true);

    /// <summary>The first holds on parts, beside each other and beside holds on the whole: the table is made, and the mode entered.</summary>
    public static IEnumerable<Scenario> FirstParts() =>
        from other in (RangeProgram[])
        [
            RangeProgram.Take(HoldKind.Exclusive, 3, 5).Scoped(),
            RangeProgram.Take(HoldKind.Exclusive).Scoped(),
            RangeProgram.Append(4),
        ]
        select new RangeScenario([RangeProgram.Take(HoldKind.Exclusive, 0, 4).Scoped(), other], TableStart.None);

    /// <summary>What makes a domain a ranged one, beside all that is done to the whole.</summary>
    public static IEnumerable<Scenario> Entries(bool isLong) =>
        from part in RangePrograms.Entering
        from whole in RangePrograms.Wholes
        let scenario = new RangeScenario([part, whole], TableStart.Idle)
        where scenario.IsPossible && scenario.IsLong == isLong
        select scenario;

    /// <summary>The triples of the basic operations, with one retire or with none.</summary>
    public static IEnumerable<Scenario> Triples(bool retiring) =>
        from a in RangePrograms.Basic.Index()
        from b in RangePrograms.Basic.Index().Skip(a.Index)
        from c in RangePrograms.Basic.Skip(b.Index)
        let scenario = new RangeScenario([a.Item, b.Item, c], TableStart.Entered, releases: false)
        where scenario.IsPossible && scenario.Retires == (retiring ? 1 : 0)
        select scenario;

    /// <summary>
    /// A hold that two threads do something to at once: copies of one token. Not one that is released while another joins it: then the
    /// join has nothing to give back, and both are ended.
    /// </summary>
    public static IEnumerable<Scenario> Copies() =>
        (from operations in RangePrograms.OfOneHold
         from first in operations
         from second in operations
         select new RangeScenario([first, second.Of(0)], TableStart.Entered))
        .Append(new([RangeProgram.Join(0, 4, 8), RangeProgram.Use(0, 4).Of(0)], TableStart.Entered));

    /// <summary>Scoped holds on parts that are released twice, one after the other or at once, beside a take.</summary>
    public static IEnumerable<Scenario> DoubleReleases() =>
        from kind in (HoldKind[])[HoldKind.Read, HoldKind.Exclusive]
        let release = RangeProgram.Release(kind, 0, 4).Scoped()
        from scenario in (RangeScenario[])
        [
            new RangeScenario([release.Twice(), RangeProgram.Take(HoldKind.Exclusive, 2, 6).Scoped()], TableStart.Entered),
            new RangeScenario([release, release.Of(0), RangeProgram.Take(HoldKind.Exclusive, 2, 6).Scoped()], TableStart.Entered, releases: false),
        ]
        select scenario;

    /// <summary>Two threads that change one hold, while a third takes what the change may let in.</summary>
    public static IEnumerable<Scenario> CopiesBesideTakes() =>
    [
        OfCopies(s_downgrade, RangeProgram.Share(HoldKind.Write, 0, 16, HoldKind.Write, 0, 16), HoldKind.Immutable),
        OfCopies(s_downgrade, RangeProgram.Share(HoldKind.Write, 0, 16, HoldKind.Write, 2, 4), HoldKind.Immutable),
        OfCopies(s_downgrade.Ticketed(), RangeProgram.Share(HoldKind.Write, 0, 16, HoldKind.Write, 0, 16).Ticketed(), HoldKind.Immutable),
        OfCopies(s_downgrade.Ticketed(), RangeProgram.Share(HoldKind.Write, 0, 16, HoldKind.Write, 2, 4).Ticketed(), HoldKind.Immutable),
        OfCopies(RangeProgram.Downgrade(HoldKind.Write, 0, 8, HoldKind.Read), RangeProgram.Share(HoldKind.Write, 0, 8, HoldKind.Write, 2, 4), HoldKind.Immutable),
        OfCopies(RangeProgram.Split(0, 8, 4), RangeProgram.Use(0, 8), HoldKind.Read),
    ];

    /// <summary>An appender beside readers, on both sides of its frontier, beside those that it excludes, and beside a copy of its lease.</summary>
    public static IEnumerable<Scenario> Appends() =>
        from appender in s_appenders
        from other in s_beside.Concat(appender.Starts.Length == 0 ? [] : s_appenders[..2].Select(copied => copied.Of(0)))
        let scenario = new RangeScenario([appender, other], TableStart.Entered)
        where scenario.IsPossible
        select scenario;

    /// <summary>Slices of before a resize, beside it.</summary>
    public static IEnumerable<Scenario> Resizes() =>
        from length in (int[])[8, 16, 0]
        from other in (RangeProgram[])
        [
            RangeProgram.TakeSlice(HoldKind.Read).Scoped(),
            RangeProgram.TakeSlice(HoldKind.Exclusive).Scoped(),
            RangeProgram.TakeSlice(HoldKind.Write),
            RangeProgram.Take(HoldKind.Read, 12, 16).Scoped(),
            RangeProgram.Take(HoldKind.Exclusive, 4, 4),
        ]
        select new RangeScenario([other, RangeProgram.Resize(length)], TableStart.Idle);

    private static RangeScenario OfCopies(RangeProgram first, RangeProgram second, HoldKind kind) =>
        new([first, second.Of(0), RangeProgram.Take(kind, 0, 4).Scoped()], TableStart.Entered, releases: false);

    private static IEnumerable<Scenario> PairsOf(TableStart start, bool isLong) =>
        from a in RangePrograms.Parts.Index()
        from b in RangePrograms.Parts.Skip(a.Index).Concat(RangePrograms.Wholes)
        let scenario = new RangeScenario([a.Item, b], start)
        where scenario.IsPossible && scenario.IsLong == isLong
        select scenario;
}
