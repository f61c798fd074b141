namespace FastBuffers.Locking;

/// <summary>
/// What names one hold in a <see cref="RangeTable"/>: from the lowest bit the kind's index (2), Live (1), slot (18), generation (43).
/// The slot has the same number while the hold is alive, and one without Live in between.
/// </summary>
internal static class RangeToken
{
    internal const int SlotBits = 18;

    internal const int MaxSlots = 1 << SlotBits;

    private const long Live = 1L << 2;
    private const int SlotShift = 3;
    private const int GenerationShift = SlotShift + SlotBits;
    private const long GenerationOne = 1L << GenerationShift;

    internal static int KindIndex(long token) => (int)(token & 3);

    internal static int Slot(long token) => (int)(token >>> SlotShift) & (MaxSlots - 1);

    /// <summary>The state of a slot that was never used; it starts in the lower half of the generations.</summary>
    internal static long Unused(int slot) => (IdentitySeed.Next() & long.MaxValue & -GenerationOne) | ((long)slot << SlotShift);

    /// <summary>The token of the next hold of a slot that is not in use.</summary>
    internal static long Next(long unused, int kind) => (unused + GenerationOne) | Live | (long)kind;

    /// <summary>The state of a slot whose hold ended.</summary>
    internal static long Ended(long token) => token & ~(Live | 3);

    /// <summary>Whether a slot has used up its generations: it is not used again, so that no token becomes valid a second time.</summary>
    internal static bool IsWorn(long unused) => unused >>> GenerationShift == (1L << (64 - GenerationShift)) - 1;
}
