namespace FastBuffers.Locking;

/// <summary>Ranges whose starts are near each other, in no order: scanned as a whole, which at this size is cheaper than to sort.</summary>
internal sealed class RangeChunk(int capacity)
{
    private RangeEntry[] _entries = new RangeEntry[capacity];

    // No range ends after this, and none has another kind than these. Not lowered while there are ranges.
    private long _maxEnd;
    private HoldKind _kinds;

    internal int Count { get; private set; }

    internal int Capacity => _entries.Length;

    internal bool IsFull => Count == _entries.Length;

    /// <summary>Whether so many ranges more fit in.</summary>
    internal bool HasRoom(int places) => _entries.Length - Count >= places;

    internal ReadOnlySpan<RangeEntry> Live => _entries.AsSpan(0, Count);

    /// <summary>Whether a range of one of the kinds has a byte in [start, end).</summary>
    internal bool Overlaps(HoldKind kinds, long start, long end)
    {
        bool found = false;
        if (_maxEnd > start && (_kinds & kinds) != 0)
        {
            // Without branches: which of two ranges is the lower one, no processor can predict.
            foreach (ref readonly RangeEntry entry in Live)
            {
                found |= (entry.Start < end) & (entry.End > start) & ((entry.Kind & kinds) != 0);
            }
        }

        return found;
    }

    /// <summary>Adds a range, for which there must be room.</summary>
    internal void Add(in RangeEntry entry)
    {
        _entries[Count++] = entry;
        _kinds |= entry.Kind;
        if (_maxEnd < entry.End)
        {
            _maxEnd = entry.End;
        }
    }

    /// <summary>Takes a range out; false when there is none like it. What was added last is found first.</summary>
    internal bool TryRemove(in RangeEntry entry)
    {
        RangeEntry[] entries = _entries;
        for (int i = Count - 1; i >= 0; i--)
        {
            if (entries[i].Start == entry.Start && entries[i].End == entry.End && entries[i].Kind == entry.Kind)
            {
                if (--Count != i)
                {
                    entries[i] = entries[Count];
                }

                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the starts differ, so that the chunk can be split between them.</summary>
    /// <param name="pivot">Where to split: the upper part is for starts from here on.</param>
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

    /// <summary>Moves the ranges that start here or later to another chunk.</summary>
    internal void MoveTo(RangeChunk other, long pivot)
    {
        // In place: what stays here is written no later in the array than where it was read.
        ReadOnlySpan<RangeEntry> entries = Live;
        Clear();
        foreach (RangeEntry entry in entries)
        {
            (entry.Start < pivot ? this : other).Add(entry);
        }
    }

    /// <summary>Takes the longer array of an unused chunk.</summary>
    internal void GrowInto(RangeChunk spare)
    {
        Live.CopyTo(spare._entries);
        _entries = spare._entries;
    }

    /// <summary>Forgets what ranges there were.</summary>
    internal void Clear()
    {
        Count = 0;
        _maxEnd = 0;
        _kinds = HoldKind.None;
    }
}
