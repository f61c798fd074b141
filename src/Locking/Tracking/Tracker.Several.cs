namespace FastBuffers.Locking;

// Several holds in one step: what nobody may see is that some of them are there and others are not, or that some came and went.
internal partial struct Tracker
{
    /// <summary>
    /// Takes all of several holds or none. Under the lock of the range table, with the word Ranged: so nobody who looks for holds to decide
    /// something can look in between. Those on the whole come with one change of the word, those on parts are entered after it.
    /// </summary>
    /// <param name="ranges">The table.</param>
    /// <param name="parts">What is wanted; no two of them conflict.</param>
    /// <param name="extents">Where the bytes of each of them are, if all were taken.</param>
    /// <param name="refused">Which of them was refused, if they were not.</param>
    /// <param name="undone">
    /// Whether holds on no bytes were counted and taken back, beside an Exclusive one, which needs no lock: then what follows a release has to be done.
    /// </param>
    internal TakeStatus TryTakeSeveral(
        RangeTable ranges, ReadOnlySpan<HoldRequestPart> parts, Span<HoldExtent> extents, out int refused, out bool undone)
    {
        TakeStatus status;
        long stamp = Never;
        foreach (ref readonly HoldRequestPart part in parts)
        {
            stamp = Unbias(part.Index);
        }

        undone = false;
        ranges.Enter();
        do
        {
            status = TryTakeSeveralNow(ranges, parts, extents, out refused, ref undone);
        }
        while (status == TakeStatus.Raced || WasBiased(status, ref stamp));

        for (int i = 0; i < parts.Length && status == TakeStatus.Taken; i++)
        {
            if (extents[i] is { Form: HoldForm.Part } extent)
            {
                RangeEntry entry = new(extent.Start, extent.Start + extent.Length, parts[i].Kind);
                extents[i] = extent with { Slot = ranges.Add(entry, out _) };
            }
        }

        ranges.Exit();
        return status;
    }

    // One attempt, but for the table's entries, for which there is room once they can be added.
    private TakeStatus TryTakeSeveralNow(
        RangeTable ranges, ReadOnlySpan<HoldRequestPart> parts, Span<HoldExtent> extents, out int refused, ref bool undone)
    {
        refused = 0;
        long others = Volatile.Read(ref _others);
        long word = Volatile.Read(ref _word);
        if (IsRetiredAt(word))
        {
            DecideRetired();
            return TakeStatus.Retired;
        }

        if ((word & (HoldWord.Ranged | HoldWord.Exclusive)) == 0)
        {
            return SetRanged(word);
        }

        // The length changes beside Exclusive only, beside which there can be no holds but on no bytes.
        (int size, long length) = (ranges.Domain.Size, ranges.Domain.ByteLength);
        (int empties, int ranged) = (0, 0);
        long next = word;
        for (int i = 0; i < parts.Length; i++)
        {
            refused = i;
            HoldRequestPart part = parts[i];
            extents[i] = ExtentOf(part.Request, length);
            TakeStatus status = RefusalAmong(ranges, word, next, part, extents[i].Form);
            if (!part.Request.IsWhole && part.Request.Size != size)
            {
                status = TakeStatus.Released;
            }

            if (status != TakeStatus.Taken)
            {
                return status;
            }

            switch (extents[i].Form)
            {
                case HoldForm.Empty when (others & Resizing) != 0:
                    return TakeStatus.Conflict;
                case HoldForm.Empty:
                    empties++;
                    break;
                case HoldForm.Part:
                    ranged++;
                    break;
                case HoldForm.Whole when part.Index == ConflictTable.ExclusiveIndex:
                    next |= HoldWord.Exclusive;
                    break;
                default:
                    if (!TryAdd(next, part.Index, out next))
                    {
                        return TakeStatus.Full;
                    }

                    break;
            }
        }

        if (IsFull(word, ranges, parts.Length))
        {
            return TakeStatus.Full;
        }

        if (ranged != 0 && MakesRoom(ranges, extents))
        {
            return TakeStatus.Raced;
        }

        // Ranged stays for holds on no bytes too: see TryTakeEmptyPart. Beside Exclusive there is neither.
        next = (ranged | empties) == 0 || (next & HoldWord.Exclusive) != 0 ? Settled(next, ranges) : next;
        if (empties != 0 && Interlocked.CompareExchange(ref _others, others + (empties * EmptyOne), others) != others)
        {
            return TakeStatus.Raced;
        }

        bool same = ranges.Domain.HasSize(size) && ranges.Domain.ByteLength == length;
        if (!same || (next != word && Interlocked.CompareExchange(ref _word, next, word) != word))
        {
            Interlocked.Add(ref _others, -empties * EmptyOne);
            undone |= empties != 0;
            return TakeStatus.Raced;
        }

        return TakeStatus.Taken;
    }

    // The reason not to take one of several beside what is held, and beside those of them on the whole that come before it.
    private static TakeStatus RefusalAmong(RangeTable ranges, long word, long next, in HoldRequestPart part, HoldForm form)
    {
        RangeRequest request = part.Request;
        return !Allows(word, part.Index) ? TakeStatus.Unsupported
            : form == HoldForm.Empty ? TakeStatus.Taken
            : HoldWord.Blocks(next, part.Index) ? TakeStatus.Conflict
            : form == HoldForm.Whole ? ranges.BlocksWhole(part.Index) ? TakeStatus.Conflict : TakeStatus.Taken
            : ranges.Blocks(part.Index, request.Start, request.End) ? TakeStatus.Conflict
            : TakeStatus.Taken;
    }

    private static HoldExtent ExtentOf(in RangeRequest request, long length) =>
        request.IsWhole || request.Length == length ? HoldExtent.Whole with { Form = length == 0 ? HoldForm.Empty : HoldForm.Whole }
        : new HoldExtent(request.Length == 0 ? HoldForm.Empty : HoldForm.Part, request.Start, request.Length);

    // As the other: leaves the lock to allocate what the table is short of, for all of them.
    private static bool MakesRoom(RangeTable ranges, ReadOnlySpan<HoldExtent> extents)
    {
        if (ranges.TryReserve(extents, out RangeRoom missing))
        {
            return false;
        }

        ranges.Exit();
        missing.Allocate(ranges);
        ranges.Enter();
        ranges.Supply(missing);
        return true;
    }
}
