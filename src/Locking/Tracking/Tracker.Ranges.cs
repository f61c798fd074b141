namespace FastBuffers.Locking;

// Holds on parts. They are in the range table; how word and table decide together is in the remarks of the type.
internal partial struct Tracker
{
    /// <summary>The table of ranges, or null while there never was one.</summary>
    internal RangeTable? Ranges => Volatile.Read(ref _ranges);

    /// <summary>The table of ranges, made on first demand.</summary>
    internal RangeTable RangesOf(HoldDomain domain)
    {
        if (Ranges is { } ranges)
        {
            return ranges;
        }

        var mine = new RangeTable(domain);
        return Interlocked.CompareExchange(ref _ranges, mine, null) ?? mine;
    }

    /// <summary>Takes a part that is neither empty nor the whole. <paramref name="word"/> is the word that allowed or refused it.</summary>
    internal TakeStatus TryTakeRange(RangeTable ranges, int index, in RangeRequest request, out long token, out long word)
    {
        token = 0;
        TakeStatus status;
        ranges.Enter();
        do
        {
            status = TryBecomeRanged(index, out word);
            if (status == TakeStatus.Taken)
            {
                status = HoldWord.Blocks(word, index) || ranges.Blocks(index, request.Start, request.End) ? TakeStatus.Conflict
                    : !ranges.Domain.HasSize(request.Size) ? TakeStatus.Released
                    : IsFull(word, ranges) ? TakeStatus.Full
                    : TakeStatus.Taken;
            }
        }
        while (status == TakeStatus.Raced || (status == TakeStatus.Taken && MakesRoom(ranges, request.Start, slots: 1)));

        if (status == TakeStatus.Taken)
        {
            token = ranges.Add(index, request.Start, request.End);
        }

        ranges.Exit();
        return status;
    }

    /// <summary>Ends a hold on a part; false when it had ended before.</summary>
    internal static bool TryReleaseRange(RangeTable ranges, long token)
    {
        ranges.Enter();
        bool released = ranges.TryRemove(token);
        ranges.Exit();
        return released;
    }

    /// <summary>Adds a hold on a part that a live hold covers, so that neither a conflict nor retiring refuses it.</summary>
    /// <param name="ranges">The table.</param>
    /// <param name="parent">The covering hold, of which the caller has a use if it has a ticket.</param>
    /// <param name="index">The kind.</param>
    /// <param name="request">The part.</param>
    /// <param name="token">The hold's token in the table.</param>
    internal TakeStatus ShareRange(RangeTable ranges, HoldToken parent, int index, in RangeRequest request, out long token)
    {
        token = 0;
        TakeStatus status;
        ranges.Enter();
        do
        {
            long word = Volatile.Read(ref _word);
            status = !Covers(word, ranges, parent, index) ? TakeStatus.Released
                : IsFull(word, ranges) ? TakeStatus.Full
                : HoldWord.IsRanged(word) ? TakeStatus.Taken
                : SetRanged(word);
        }
        while (status == TakeStatus.Raced || (status == TakeStatus.Taken && MakesRoom(ranges, request.Start, slots: 1)));

        if (status == TakeStatus.Taken)
        {
            token = ranges.Add(index, request.Start, request.End);
        }

        ranges.Exit();
        return status;
    }

    /// <summary>Gives a hold on a part a weaker kind, which nothing refuses.</summary>
    internal static void DowngradeRange(RangeTable ranges, long token, int to)
    {
        ranges.Enter();
        ranges.SetKind(token, to);
        ranges.Exit();
    }

    /// <summary>Gives a hold on a part another kind, unless another hold conflicts with it.</summary>
    internal TakeStatus TryUpgradeRange(RangeTable ranges, long token, in RangeRequest held, int to)
    {
        ranges.Enter();
        long word = Volatile.Read(ref _word);
        TakeStatus status = IsRetiredAt(word) ? TakeStatus.Retired
            : !Allows(word, to) ? TakeStatus.Unsupported
            : HoldWord.Blocks(word, to) || ranges.Blocks(to, held.Start, held.End, except: token) ? TakeStatus.Conflict
            : TakeStatus.Taken;
        if (status == TakeStatus.Taken)
        {
            ranges.SetKind(token, to);
        }

        ranges.Exit();
        return status;
    }

    /// <summary>Makes an Exclusive hold, of the whole or of a part, two of adjacent parts, neither of them empty.</summary>
    /// <param name="ranges">The table.</param>
    /// <param name="token">The part's token in the table, or 0 for the whole.</param>
    /// <param name="held">What is held.</param>
    /// <param name="at">Where the second part begins.</param>
    /// <param name="left">The first part's token in the table.</param>
    /// <param name="right">The second part's.</param>
    internal TakeStatus Split(RangeTable ranges, long token, in RangeRequest held, long at, out long left, out long right)
    {
        ranges.Enter();
        bool full;
        do
        {
            full = IsFull(Volatile.Read(ref _word), ranges);
        }
        while (!full && MakesRoom(ranges, at, slots: 2));

        (left, right) = (0, 0);
        if (!full && token != 0)
        {
            ranges.Split(token, at, out left, out right);
        }
        else if (!full)
        {
            left = ranges.Add(ConflictTable.ExclusiveIndex, held.Start, at);
            right = ranges.Add(ConflictTable.ExclusiveIndex, at, held.End);
            ReplaceExclusive(HoldWord.Ranged);
        }

        ranges.Exit();
        return full ? TakeStatus.Full : TakeStatus.Taken;
    }

    /// <summary>Makes two Exclusive holds of adjacent parts one.</summary>
    /// <param name="ranges">The table.</param>
    /// <param name="left">The first part's token in the table.</param>
    /// <param name="right">The second part's.</param>
    /// <param name="whole">Whether they are all of the domain.</param>
    /// <returns>The token in the table, or 0 for the whole.</returns>
    internal long Join(RangeTable ranges, long left, long right, bool whole)
    {
        ranges.Enter();
        long joined = 0;
        if (!whole)
        {
            while (MakesRoom(ranges, start: 0, slots: 1))
            {
            }

            joined = ranges.Join(left, right);
        }
        else
        {
            ranges.TryRemove(left);
            ranges.TryRemove(right);
            ReplaceRanged(HoldWord.Exclusive);
        }

        ranges.Exit();
        return joined;
    }

    /// <summary>Lets an appender in, if no byte is held.</summary>
    internal TakeStatus TryBeginAppend(RangeTable ranges, Frontier frontier, int size, out long word)
    {
        TakeStatus status;
        ranges.Enter();
        do
        {
            status = TryBecomeRanged(ConflictTable.ExclusiveIndex, out word);
            if (status == TakeStatus.Taken)
            {
                status = IsHeld(word, ranges) ? TakeStatus.Conflict
                    : !ranges.Domain.HasSize(size) ? TakeStatus.Released
                    : IsFull(word, ranges) ? TakeStatus.Full
                    : TakeStatus.Taken;
            }
        }
        while (status == TakeStatus.Raced);

        if (status == TakeStatus.Taken)
        {
            ranges.BeginAppend(frontier);
        }

        ranges.Exit();
        return status;
    }

    /// <summary>Ends the appender.</summary>
    internal static void EndAppend(RangeTable ranges)
    {
        ranges.Enter();
        ranges.EndAppend();
        ranges.Exit();
    }

    // Enters the table's lock if the word says that the table takes part in the decision. True if the word is to be read again.
    private bool EntersRanges(long word, ref RangeTable? entered)
    {
        if (!HoldWord.IsRanged(word) || entered is not null)
        {
            return false;
        }

        entered = Ranges!;
        entered.Enter();
        return true;
    }

    // The word without Ranged, when its table, whose lock is held, is empty: whole-domain holds are lock-free again.
    private static long Settled(long word, RangeTable? ranges) => ranges is { IsEmpty: true } ? word & ~HoldWord.Ranged : word;

    // For a take under the table's lock: Taken when the word is Ranged, so that from here on nothing can be taken but under this lock.
    private TakeStatus TryBecomeRanged(int index, out long word)
    {
        word = Volatile.Read(ref _word);
        if (IsRetiredAt(word))
        {
            DecideRetired();
            return TakeStatus.Retired;
        }

        return !Allows(word, index) ? TakeStatus.Unsupported
            : HoldWord.IsRanged(word) ? TakeStatus.Taken
            : HoldWord.Blocks(word, index) ? TakeStatus.Conflict
            : SetRanged(word);
    }

    // Raced, in any case: what was seen before has to be looked at again. Ranged is never set beside Exclusive.
    private TakeStatus SetRanged(long word)
    {
        Interlocked.CompareExchange(ref _word, word | HoldWord.Ranged, word);
        return TakeStatus.Raced;
    }

    private bool Covers(long word, RangeTable ranges, HoldToken parent, int index)
    {
        if (parent.Ticket is not { } ticket)
        {
            return TryRemoveEmbedded(word, parent.Value, out _);
        }

        // A copy of its token may have changed the parent's kind meanwhile.
        return ticket.Extent.Form == HoldForm.Part
            ? ConflictTable.Covers(ConflictTable.Kind(ranges.KindOf(ticket.Extent.Entry)), ConflictTable.Kind(index))
            : !HoldWord.Blocks(word, index);
    }

    // Whether one more hold would be too many, counting all of them, wherever they are.
    private bool IsFull(long word, RangeTable? ranges) =>
        HoldWord.SharedCount(word) + EmptyHolds + (ranges?.Count ?? 0) >= HoldWord.MaxHolds || ranges is { IsExhausted: true };

    // Leaves the lock to allocate what the table is short of. True if it did, so that all has to be looked at again.
    private static bool MakesRoom(RangeTable ranges, long start, int slots)
    {
        if (ranges.HasRoom(start, slots, out RangeRoom missing))
        {
            return false;
        }

        ranges.Exit();
        missing.Allocate();
        ranges.Enter();
        ranges.Supply(missing);
        return true;
    }

    private void ReplaceExclusive(long flag)
    {
        long word;
        do
        {
            word = Volatile.Read(ref _word);
        }
        while (Interlocked.CompareExchange(ref _word, WithoutExclusive(word) | flag, word) != word);
    }

    private void ReplaceRanged(long flag)
    {
        long word;
        do
        {
            word = Volatile.Read(ref _word);
        }
        while (Interlocked.CompareExchange(ref _word, (word & ~HoldWord.Ranged) | flag, word) != word);
    }
}
