using System.Runtime.CompilerServices;

namespace FastBuffers.Interleaving.Scenarios;

/// <summary>Looks into a range table from outside, where no lock is needed because no thread runs.</summary>
internal static class TableProbe
{
    /// <summary>Whether nobody is in a critical section whose stores may not be in memory yet.</summary>
    public static bool IsFree(RangeTable table) => (Sequence(table) & 1) == 0;

    /// <summary>What the table has, in no order that means anything.</summary>
    public static int Copy(RangeTable table, Span<RangeEntry> entries) => table.CopyTo(entries, ConflictTable.EveryKind, 0, long.MaxValue);

    /// <summary>Touches all that holders of the table's slots look at without the lock, so that it has a name.</summary>
    public static void TouchSlot(RangeTable table, int slot) => table.TryGetRange((long)slot << 3, out _, out _);

    /// <summary>The word of the table's lock.</summary>
    public static ref int Sequence(RangeTable table) => ref Sequence(ref LockOf(table));

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lock")]
    private static extern ref ShortLock LockOf(RangeTable table);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_sequence")]
    private static extern ref int Sequence(ref ShortLock shortLock);
}
