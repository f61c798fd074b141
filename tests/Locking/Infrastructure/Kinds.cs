using System.Numerics;
using FastBuffers.Locking;

namespace FastBuffers.Testing;

/// <summary>The four kinds and what semantics.md says about them, written out independently of the code under test.</summary>
public static class Kinds
{
    public static readonly HoldKind[] All = [HoldKind.Read, HoldKind.Write, HoldKind.Immutable, HoldKind.Exclusive];

    public static readonly HoldKind[] Shared = [HoldKind.Read, HoldKind.Write, HoldKind.Immutable];

    private static readonly (HoldKind From, HoldKind To)[] s_downgrades =
    [
        (HoldKind.Exclusive, HoldKind.Write), (HoldKind.Exclusive, HoldKind.Immutable), (HoldKind.Exclusive, HoldKind.Read),
        (HoldKind.Write, HoldKind.Read), (HoldKind.Immutable, HoldKind.Read),
    ];

    private static readonly (HoldKind From, HoldKind To)[] s_upgrades =
    [
        (HoldKind.Read, HoldKind.Write), (HoldKind.Read, HoldKind.Immutable), (HoldKind.Read, HoldKind.Exclusive),
        (HoldKind.Write, HoldKind.Immutable), (HoldKind.Write, HoldKind.Exclusive),
        (HoldKind.Immutable, HoldKind.Write), (HoldKind.Immutable, HoldKind.Exclusive),
    ];

    // Held down, requested across: Read, Write, Immutable, Exclusive.
    private static readonly bool[,] s_conflicts =
    {
        { false, false, false, true },
        { false, false, true, true },
        { false, true, false, true },
        { true, true, true, true },
    };

    public static TheoryData<HoldKind> Each => [.. All];

    public static TheoryData<HoldKind> EachShared => [.. Shared];

    /// <summary>All 16 pairs of a held (or present) and a requested kind.</summary>
    public static TheoryData<HoldKind, HoldKind> Pairs => [.. AllPairs];

    public static TheoryData<HoldKind, HoldKind> ConflictingPairs => [.. AllPairs.Where(static p => Conflict(p.Held, p.Requested))];

    public static TheoryData<HoldKind, HoldKind> Downgrades => [.. s_downgrades];

    public static TheoryData<HoldKind, HoldKind> NoDowngrades => [.. AllPairs.Except(s_downgrades)];

    public static TheoryData<HoldKind, HoldKind> Upgrades => [.. s_upgrades];

    public static TheoryData<HoldKind, HoldKind> NoUpgrades => [.. AllPairs.Except(s_upgrades)];

    /// <summary>What is no kind: none, two at once, bits that do not exist.</summary>
    public static TheoryData<HoldKind> Invalid =>
        [HoldKind.None, (HoldKind)3, (HoldKind)5, (HoldKind)9, (HoldKind)15, (HoldKind)16, (HoldKind)128, (HoldKind)255];

    private static IEnumerable<(HoldKind Held, HoldKind Requested)> AllPairs =>
        All.SelectMany(static held => All.Select(requested => (held, requested)));

    public static bool Conflict(HoldKind held, HoldKind requested) =>
        s_conflicts[BitOperations.Log2((uint)held), BitOperations.Log2((uint)requested)];

    public static bool IsDowngrade(HoldKind from, HoldKind to) => s_downgrades.Contains((from, to));

    public static bool IsUpgrade(HoldKind from, HoldKind to) => s_upgrades.Contains((from, to));
}
