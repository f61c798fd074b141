using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios.Rentals;

/// <summary>Sets of scenarios of rentals; a variant runs them on its own copy of the library.</summary>
internal static class RentalSuite
{
    private static readonly RentalStart[] s_exclusive = [RentalStart.Owned, RentalStart.Disowned, RentalStart.Unowned];
    private static readonly RentalStart[] s_immutable = [RentalStart.Downgraded, RentalStart.Shared];
    private static readonly bool[] s_keepsOrNot = [true, false];

    /// <summary>The owner's release against that of a copy, and the next rental, which the copies must not end.</summary>
    public static IEnumerable<Scenario> Releases() =>
        from start in s_exclusive
        from keeps in s_keepsOrNot
        from programs in (keeps ? "r|r rnr|r rnsr|r nr|r" : "r|r nr|r").Split(' ')
        select new RentalScenario(programs) { Start = start, Keeps = keeps };

    /// <summary>Releases of copies by two others, and by the owner.</summary>
    public static IEnumerable<Scenario> ForeignReleases() =>
        from start in s_exclusive
        from programs in "|r|r r|r|r".Split(' ')
        select new RentalScenario(programs) { Start = start };

    /// <summary>The same, where the others keep the block, and rent it themselves.</summary>
    public static IEnumerable<Scenario> Travels() =>
        from programs in "r|rn nr|rn".Split(' ')
        from start in s_exclusive
        select new RentalScenario(programs) { Start = start, AllKeep = true };

    /// <summary>Whatever another thread can do with a copy, against the owner's release.</summary>
    public static IEnumerable<Scenario> Changes() =>
        from start in s_exclusive
        from programs in "r|u r|dr r|prx r|e r|edr rnr|u rnr|dr rnr|e".Split(' ')
        select new RentalScenario(programs) { Start = start };

    /// <summary>One who takes the owner's block away, against the owner.</summary>
    public static IEnumerable<Scenario> Trims(RentalBug bug) =>
        from programs in "rnr|t nr|rt".Split(' ')
        select new RentalScenario(programs) { Bug = bug };

    /// <summary>Two who shut the owner out at once.</summary>
    public static IEnumerable<Scenario> TwoShutOut() =>
        from programs in "r|t|r r|u|t".Split(' ')
        select new RentalScenario(programs);

    /// <summary>A downgraded rental, whose last hold closes it, and the next rental.</summary>
    public static IEnumerable<Scenario> Downgraded() =>
        from start in s_immutable
        from programs in "r|r rnr|r rnr|hrx rnr|yrx rnr|yxr hrnx|r".Split(' ')
        select new RentalScenario(programs) { Start = start };

    /// <summary>Three holds that end a downgraded rental in any order.</summary>
    public static IEnumerable<Scenario> SharedByThree() =>
    [
        new RentalScenario("rnr|r|r") { Start = RentalStart.Shared },
        new RentalScenario("rnr|r|hx") { Start = RentalStart.Downgraded },
    ];

    /// <summary>Holds on no bytes, against the end of the rental.</summary>
    public static IEnumerable<Scenario> Nothing() =>
        from start in s_exclusive
        from programs in "rnr|ezx r|ezrx 0r|r r|0dhrx 0rn|u".Split(' ')
        select new RentalScenario(programs) { Start = start };

    /// <summary>Two who take the owner's number away, while it begins with another.</summary>
    public static IEnumerable<Scenario> OwnsAgain() => [new RentalScenario("n|r|r")];

    /// <summary>An owner who keeps a block whose plain end failed.</summary>
    public static IEnumerable<Scenario> PutsWhatDidNotEnd() => [new RentalScenario("r|r") { Bug = RentalBug.PutsWhatDidNotEnd }];

    /// <summary>The shortest of each: for what is broken on purpose.</summary>
    public static IEnumerable<Scenario> OwnerAndCopy() => [new RentalScenario("r|r"), new RentalScenario("r|u"), new RentalScenario("rnr|r")];

    /// <inheritdoc cref="OwnerAndCopy"/>
    public static IEnumerable<Scenario> StaleCopy() => [new RentalScenario("rnsr|"), new RentalScenario("rnr|r")];

    /// <inheritdoc cref="OwnerAndCopy"/>
    public static IEnumerable<Scenario> NothingOfShown() => [new RentalScenario("r|ezrx")];

    /// <inheritdoc cref="OwnerAndCopy"/>
    public static IEnumerable<Scenario> Shown() => [new RentalScenario("r|e") { Start = RentalStart.Unowned }, new RentalScenario("r|e")];
}
