namespace FastBuffers.Locking;

// Splitting Exclusive holds into parts, and joining them. Nothing refuses either but the limit on the number of holds.
internal partial struct Tracker
{
    /// <summary>Makes an Exclusive hold of the whole two of adjacent parts, neither of them empty.</summary>
    /// <param name="ranges">The table.</param>
    /// <param name="at">Where the second part begins.</param>
    /// <param name="length">The length of the domain.</param>
    /// <param name="left">The first part's identity in the table.</param>
    /// <param name="right">The second part's.</param>
    internal TakeStatus SplitWhole(RangeTable ranges, long at, long length, out RangeSlot? left, out RangeSlot? right)
    {
        (left, right) = (null, null);
        ranges.Enter();
        TakeStatus status;
        do
        {
            status = IsFull(Volatile.Read(ref _word), ranges) ? TakeStatus.Full : TakeStatus.Taken;
        }
        while (status == TakeStatus.Taken && MakesRoom(ranges, start: 0, slots: 2));

        if (status == TakeStatus.Taken)
        {
            // Into an empty table, which has room for both if it has for one.
            left = ranges.Add(new(0, at, HoldKind.Exclusive), out _);
            right = ranges.Add(new(at, length, HoldKind.Exclusive), out _);
            ExclusiveBecomesRanged();
        }

        ranges.Exit();
        return status;
    }

    /// <summary>Makes an Exclusive hold of a part two of adjacent parts, neither of them empty.</summary>
    internal TakeStatus SplitPart(RangeTable ranges, RangeSlot slot, long at, out RangeSlot? left, out RangeSlot? right)
    {
        (left, right) = (null, null);
        ranges.Enter();
        TakeStatus status;
        do
        {
            status = IsFull(Volatile.Read(ref _word), ranges) ? TakeStatus.Full : TakeStatus.Taken;
        }
        while (status == TakeStatus.Taken && MakesRoom(ranges, at, slots: 1));

        if (status == TakeStatus.Taken)
        {
            RangeEntry entry = slot.Entry;
            left = slot;
            ranges.Replace(slot, entry with { End = at });
            right = ranges.Add(entry with { Start = at }, out _);
        }

        ranges.Exit();
        return status;
    }

    /// <summary>
    /// Makes two Exclusive holds of adjacent parts one: the first part's, or, if they are all of the domain, the whole's.
    /// </summary>
    internal void Join(RangeSlot left, RangeSlot right, bool whole)
    {
        RangeTable ranges = left.Table;
        ranges.Enter();
        if (whole)
        {
            ranges.Remove(left);
            RangedBecomesExclusive();
        }
        else
        {
            ranges.Replace(left, left.Entry with { End = right.Entry.End });
        }

        ranges.Remove(right);
        ranges.Exit();
    }

    private void ExclusiveBecomesRanged()
    {
        long word;
        do
        {
            word = Volatile.Read(ref _word);
        }
        while (Interlocked.CompareExchange(ref _word, WithoutExclusive(word) | HoldWord.Ranged, word) != word);
    }

    private void RangedBecomesExclusive()
    {
        long word;
        do
        {
            word = Volatile.Read(ref _word);
        }
        while (Interlocked.CompareExchange(ref _word, (word & ~HoldWord.Ranged) | HoldWord.Exclusive, word) != word);
    }
}
