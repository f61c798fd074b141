namespace FastBuffers.Locking;

/// <summary>The identity of one hold on a part at a time, reused within its table.</summary>
/// <remarks>
/// The state is the hold's token while it is alive: from the lowest bit the kind that it was taken as (4), Live (1), generation (59). The
/// range is written before that and stays until the hold has ended, so that one who reads the range and then finds his token in the
/// state has read his own. Generations start in the lowest quarter; at one hold a nanosecond the others last for 13 years.
/// </remarks>
internal sealed class RangeSlot(RangeTable table, HoldDomain domain)
{
    private const long KindMask = 15;
    private const long Live = 1L << 4;
    private const long GenerationOne = 1L << 5;
    private const long FirstGenerations = (1L << 62) - GenerationOne;

    private long _state = IdentitySeed.Next() & FirstGenerations;
    private long _start;
    private long _end;

    internal RangeTable Table => table;

    /// <summary>The table's: here too, because every end of a scoped hold on a part asks for it.</summary>
    internal HoldDomain Domain => domain;

    /// <summary>The range as it is in the table, of a live hold; for the holder of the table's lock.</summary>
    internal RangeEntry Entry => new(Volatile.Read(ref _start), Volatile.Read(ref _end), Kind);

    /// <summary>The kind that the hold has now. For the holder of the table's lock.</summary>
    internal HoldKind Kind { get; set; }

    /// <summary>The chunk that the entry was added to; a split may have moved the entry on. For the holder of the table's lock.</summary>
    internal RangeChunk? Chunk { get; set; }

    /// <summary>The kind that a hold was taken as.</summary>
    internal static HoldKind KindOf(long token) => (HoldKind)(token & KindMask);

    internal bool IsAlive(long token) => Volatile.Read(ref _state) == token;

    /// <summary>The range of a live hold; false when it has ended. Needs no lock.</summary>
    internal bool TryGetRange(long token, out long start, out long end)
    {
        start = Volatile.Read(ref _start);
        end = Volatile.Read(ref _end);
        return Volatile.Read(ref _state) == token;
    }

    /// <summary>Begins a hold.</summary>
    /// <returns>Its token.</returns>
    internal long Begin(in RangeEntry entry)
    {
        // The range changes after the end of the hold before, and before the new one begins.
        long token = ((Volatile.Read(ref _state) & ~(KindMask | Live)) + GenerationOne) | Live | (long)entry.Kind;
        Kind = entry.Kind;
        Volatile.Write(ref _start, entry.Start);
        Volatile.Write(ref _end, entry.End);
        Volatile.Write(ref _state, token);
        return token;
    }

    /// <summary>Ends the hold.</summary>
    internal void End() => Volatile.Write(ref _state, Volatile.Read(ref _state) & ~Live);
}
