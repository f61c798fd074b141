using System.Numerics;

namespace FastBuffers.Locking;

/// <summary>
/// Which kinds of hold exclude each other on the bytes they share: the one place where this is written down.
/// </summary>
internal static class ConflictTable
{
    /// <summary>The number of kinds; indices run from 0 (<see cref="HoldKind.Read"/>) to 3 (<see cref="HoldKind.Exclusive"/>).</summary>
    internal const int KindCount = 4;

    /// <summary>The index of <see cref="HoldKind.Read"/>.</summary>
    internal const int ReadIndex = 0;

    /// <summary>The index of <see cref="HoldKind.Write"/>.</summary>
    internal const int WriteIndex = 1;

    /// <summary>The index of <see cref="HoldKind.Immutable"/>.</summary>
    internal const int ImmutableIndex = 2;

    /// <summary>The index of <see cref="HoldKind.Exclusive"/>.</summary>
    internal const int ExclusiveIndex = 3;

    /// <summary>All four kinds.</summary>
    internal const HoldKind EveryKind = HoldKind.Read | HoldKind.Write | HoldKind.Immutable | HoldKind.Exclusive;

    /// <summary>The same as capabilities.</summary>
    internal const HoldCapabilities AllKinds = (HoldCapabilities)EveryKind;

    // One row per requested kind, the bits of the held kinds that conflict with it. The table is symmetric.
    private static ReadOnlySpan<byte> Rows =>
    [
        (byte)HoldKind.Exclusive,                                                            // Read
        (byte)(HoldKind.Immutable | HoldKind.Exclusive),                                     // Write
        (byte)(HoldKind.Write | HoldKind.Exclusive),                                         // Immutable
        (byte)(HoldKind.Read | HoldKind.Write | HoldKind.Immutable | HoldKind.Exclusive),    // Exclusive
    ];

    /// <summary>The kinds that conflict with the kind of the given index.</summary>
    internal static HoldKind With(int index) => (HoldKind)Rows[index];

    /// <summary>The index of a valid kind.</summary>
    internal static int Index(HoldKind kind) => BitOperations.Log2((uint)kind);

    /// <summary>The kind of an index.</summary>
    internal static HoldKind Kind(int index) => (HoldKind)(1 << index);

    /// <summary>Whether the value is exactly one of the four kinds.</summary>
    internal static bool IsKind(HoldKind kind) => kind <= HoldKind.Exclusive && BitOperations.IsPow2((uint)kind);

    /// <summary>Whether a hold of one kind may be given to somebody who has one of another: the same kind, or a weaker one.</summary>
    internal static bool Covers(HoldKind held, HoldKind kind) => held == kind || IsDowngrade(held, kind);

    /// <summary>Whether a hold of one kind promises its holder everything that another kind does, and permits no more to it.</summary>
    internal static bool IsDowngrade(HoldKind from, HoldKind to) => to switch
    {
        HoldKind.Read => from is HoldKind.Write or HoldKind.Immutable or HoldKind.Exclusive,
        HoldKind.Write or HoldKind.Immutable => from == HoldKind.Exclusive,
        _ => false,
    };
}
