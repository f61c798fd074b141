namespace FastBuffers.Locking;

/// <summary>Ranges whose starts are near each other, in no order: scanned as a whole, which at this size is cheaper than to sort.</summary>
internal sealed class RangeChunk(int capacity)
{
    internal RangeEntry[] Entries = new RangeEntry[capacity];
    internal int Count;

    /// <summary>No range ends after this. Not lowered while the chunk is in use, so there may be none that ends here.</summary>
    internal long MaxEnd;

    internal KindCounts Kinds;

    internal bool IsFull => Count == Entries.Length;

    internal Span<RangeEntry> Live => Entries.AsSpan(0, Count);

    /// <summary>Whether a range of one of the kinds, other than that of one slot, has a byte in [start, end).</summary>
    internal bool Overlaps(HoldKind kinds, long start, long end, int exceptSlot)
    {
        foreach (ref readonly RangeEntry entry in Live)
        {
            if (entry.Start < end && entry.End > start && (ConflictTable.Kind(entry.Kind) & kinds) != 0 && entry.Slot != exceptSlot)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Appends a range, for which there must be room. Its position is <see cref="Count"/> - 1.</summary>
    internal void Add(in RangeEntry entry)
    {
        Entries[Count++] = entry;
        MaxEnd = Math.Max(MaxEnd, entry.End);
        Kinds.Add(entry.Kind);
    }

    /// <summary>Takes a range out; the last one moves to its position.</summary>
    internal void RemoveAt(int position)
    {
        Kinds.Remove(Entries[position].Kind);
        Entries[position] = Entries[--Count];
        if (Count == 0)
        {
            MaxEnd = 0;
        }
    }

    /// <summary>Whether the starts differ, so that the chunk can be split between them; and a start that the upper part begins with.</summary>
    internal bool CanSplit(out long pivot)
    {
        long low = long.MaxValue;
        long high = 0;
        foreach (ref readonly RangeEntry entry in Live)
        {
            low = Math.Min(low, entry.Start);
            high = Math.Max(high, entry.Start);
        }

        pivot = low + ((high - low) / 2) + 1;
        return low < high;
    }

    /// <summary>Empties the chunk.</summary>
    internal void Clear()
    {
        Count = 0;
        MaxEnd = 0;
        Kinds = default;
    }
}
