using System.Runtime.CompilerServices;

namespace FastBuffers.Interleaving.Scenarios;

/// <summary>Looks into a range table from outside, where no lock is needed because no thread runs.</summary>
internal static class TableProbe
{
    /// <summary>Whether nobody is in a critical section whose stores may not be in memory yet.</summary>
    public static bool IsFree(RangeTable table) => (Sequence(table) & 1) == 0;

    /// <summary>What the table has, in no order that means anything.</summary>
    public static int Copy(RangeTable table, Span<RangeEntry> entries)
    {
        int count = 0;
        if (IsLone(table))
        {
            entries[count++] = Free(table)[FreeCount(table) - 1].Entry;
        }

        return count + table.CopyTo(entries[count..], ConflictTable.EveryKind, -1, long.MaxValue);
    }

    /// <summary>The slots that are not in use, and that of the lone range.</summary>
    public static ReadOnlySpan<RangeSlot> FreeSlots(RangeTable table) => Free(table).AsSpan(0, FreeCount(table));

    /// <summary>Whether the uppermost of the free slots is that of the lone range.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_isLone")]
    public static extern ref bool IsLone(RangeTable table);

    /// <summary>The word of the table's lock.</summary>
    public static ref int Sequence(RangeTable table) => ref Sequence(ref LockOf(table));

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lock")]
    private static extern ref ShortLock LockOf(RangeTable table);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_sequence")]
    private static extern ref int Sequence(ref ShortLock shortLock);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_free")]
    private static extern ref RangeSlot[] Free(RangeTable table);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_freeCount")]
    private static extern ref int FreeCount(RangeTable table);
}
