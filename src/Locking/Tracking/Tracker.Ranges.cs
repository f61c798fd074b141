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

    /// <summary>
    /// One attempt, when the word is ranged and nothing is special: what is left out here, <see cref="TryTakePart"/> does.
    /// <c>default</c> says nothing.
    /// </summary>
    internal HoldToken TryTakePartSimple(RangeTable ranges, int index, in RangeRequest request)
    {
        ranges.EnterSimple();
        HoldToken token = HoldWord.IsSimpleRanged(Volatile.Read(ref _word), index)
            && Volatile.Read(ref _others) == 0
            && ranges.Domain.HasSize(request.Size)
                ? ranges.TryAddSimple(index, request.Start, request.End)
                : default;
        ranges.Exit();
        return token;
    }

    /// <summary>Takes a part that is neither empty nor the whole. <paramref name="word"/> is the word that allowed or refused it.</summary>
    internal TakeStatus TryTakePart(
        RangeTable ranges, int index, in RangeRequest request, out RangeSlot? slot, out long token, out long word)
    {
        (slot, token) = (null, 0);
        TakeStatus status;
        long stamp = Unbias(index);
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
        while (status == TakeStatus.Raced
            || WasBiased(status, ref stamp)
            || (status == TakeStatus.Taken && MakesRoom(ranges, request.Start, slots: 1)));

        if (status == TakeStatus.Taken)
        {
            slot = ranges.Add(new(request.Start, request.End, ConflictTable.Kind(index)), out token);
        }

        ranges.Exit();
        return status;
    }

    /// <summary>
    /// Takes a hold on no bytes of a domain that has some. Beside the word, but not behind the back of one who wants to retire a domain
    /// that nobody holds: he either needs the lock, or finds that the word has changed.
    /// </summary>
    internal TakeStatus TryTakeEmptyPart(RangeTable ranges, int index, out long word)
    {
        ranges.Enter();
        while (((word = Volatile.Read(ref _word)) & (HoldWord.Ranged | HoldWord.Exclusive | HoldWord.Retired)) == 0)
        {
            SetRanged(word);
        }

        TakeStatus status = TryTakeEmpty(index, out word);
        ranges.Exit();
        return status;
    }

    /// <summary>Adds a hold on a part that a live hold covers, so that neither a conflict nor retiring refuses it.</summary>
    /// <param name="ranges">The table.</param>
    /// <param name="parent">The covering hold, of which the caller has a use if it has a ticket.</param>
    /// <param name="index">The kind.</param>
    /// <param name="request">The part.</param>
    /// <param name="slot">The hold's identity in the table.</param>
    internal TakeStatus SharePart(RangeTable ranges, HoldToken parent, int index, in RangeRequest request, out RangeSlot? slot)
    {
        TakeStatus status;
        ranges.Enter();
        do
        {
            long word = Volatile.Read(ref _word);
            status = !Covers(word, parent, index) ? TakeStatus.Released
                : IsFull(word, ranges) ? TakeStatus.Full
                : HoldWord.IsRanged(word) ? TakeStatus.Taken
                : SetRanged(word);
        }
        while (status == TakeStatus.Raced || (status == TakeStatus.Taken && MakesRoom(ranges, request.Start, slots: 1)));

        slot = status == TakeStatus.Taken ? ranges.Add(new(request.Start, request.End, ConflictTable.Kind(index)), out _) : null;
        ranges.Exit();
        return status;
    }

    /// <summary>Gives a hold on a part a weaker kind, which nothing refuses.</summary>
    internal static void DowngradePart(RangeSlot slot, int to)
    {
        RangeTable ranges = slot.Table;
        ranges.Enter();
        ranges.Replace(slot, slot.Entry with { Kind = ConflictTable.Kind(to) });
        ranges.Exit();
    }

    /// <summary>Gives a hold on a part another kind, unless another hold conflicts with it.</summary>
    internal TakeStatus TryUpgradePart(RangeSlot slot, int to)
    {
        RangeTable ranges = slot.Table;
        long stamp = Unbias(to);
        ranges.Enter();
        TakeStatus status;
        do
        {
            long word = Volatile.Read(ref _word);
            status = IsRetiredAt(word) ? TakeStatus.Retired
                : !Allows(word, to) ? TakeStatus.Unsupported
                : HoldWord.Blocks(word, to) || ranges.BlocksChange(slot, to) ? TakeStatus.Conflict
                : TakeStatus.Taken;
        }
        while (WasBiased(status, ref stamp));

        if (status == TakeStatus.Taken)
        {
            ranges.Replace(slot, slot.Entry with { Kind = ConflictTable.Kind(to) });
        }

        ranges.Exit();
        return status;
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

    // Whether a hold covers a share, as of this word, which the caller has read before and will compare with, or of the table, whose lock
    // it has. A copy of the hold's token may be changing its kind meanwhile. To weaken it ends the token first, and only then does what
    // conflicts with the share get in, which may be a part that the word does not tell of. To strengthen it does so last, but shows in
    // the word or in the slot.
    private bool Covers(long word, HoldToken parent, int index)
    {
        if (parent.Ticket is not { } ticket)
        {
            return TryRemoveEmbedded(word, parent.Value, out _);
        }

        bool blocks = ticket.Extent.Form == HoldForm.Part
            ? (ConflictTable.With(index) & ticket.Extent.Slot!.Kind) != 0
            : HoldWord.Blocks(word, index);
        return !blocks && ticket.IsAlive(parent.Value);
    }

    // Whether so many more holds would be too many, counting those in the word, the zero-length ones and those on parts.
    private bool IsFull(long word, RangeTable? ranges, int more = 1) =>
        HoldWord.SharedCount(word) + (int)(word & HoldWord.Exclusive) + EmptyHolds + (ranges?.Holds ?? 0) > HoldWord.MaxHolds - more;

    // Leaves the lock to allocate what the table is short of. True if it did, so that all has to be looked at again.
    private static bool MakesRoom(RangeTable ranges, long start, int slots)
    {
        if (ranges.HasRoom(start, slots))
        {
            return false;
        }

        RangeRoom missing = ranges.Missing(start, slots);
        ranges.Exit();
        missing.Allocate(ranges);
        ranges.Enter();
        ranges.Supply(missing);
        return true;
    }
}
