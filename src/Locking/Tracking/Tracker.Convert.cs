namespace FastBuffers.Locking;

// Changing what is held: shares, downgrades, upgrades, freezing.
internal partial struct Tracker
{
    /// <summary>
    /// Adds a counted hold that a whole-domain hold with a ticket covers (a share): retiring does not refuse it, and nothing can conflict,
    /// unless the covering hold was changed meanwhile through a copy of its token: see <see cref="Covers"/>.
    /// </summary>
    internal TakeStatus Share(HoldToken parent, int index)
    {
        while (true)
        {
            long word = Volatile.Read(ref _word);
            if (!Covers(word, parent, index))
            {
                return TakeStatus.Released;
            }

            if (IsFull(word, Ranges) || !TryAdd(word, index, out long next))
            {
                return TakeStatus.Full;
            }

            if (Interlocked.CompareExchange(ref _word, next, word) == word)
            {
                return TakeStatus.Taken;
            }
        }
    }

    /// <summary>Adds a counted hold covered by an embedded one: that one is validated and the count raised in the same step.</summary>
    internal TakeStatus ShareEmbedded(long token, int index)
    {
        while (true)
        {
            long word = Volatile.Read(ref _word);
            if (!TryRemoveEmbedded(word, token, out _))
            {
                return TakeStatus.Released;
            }

            if (IsFull(word, Ranges) || !TryAdd(word, index, out long next))
            {
                return TakeStatus.Full;
            }

            if (Interlocked.CompareExchange(ref _word, next, word) == word)
            {
                return TakeStatus.Taken;
            }
        }
    }

    /// <summary>
    /// Turns a counted or Exclusive hold, which the caller's ticket keeps alive, into another kind (counted or Exclusive).
    /// </summary>
    internal TakeStatus TryConvert(int from, int to, HoldChange change)
    {
        RangeTable? ranges = null;
        TakeStatus status;
        long stamp = Unbias(to);
        do
        {
            long word = Volatile.Read(ref _word);
            bool entered = change == HoldChange.Upgrade && EntersRanges(word, ref ranges);
            long rest = from == ConflictTable.ExclusiveIndex ? WithoutExclusive(word) : word - HoldWord.One(word, from);
            status = entered ? TakeStatus.Raced : TryReplace(word, rest, to, change, ranges);
        }
        while (status == TakeStatus.Raced || WasBiased(status, ref stamp));

        ranges?.Exit();
        return status;
    }

    /// <summary>
    /// The same for an embedded hold, whose identity ends: the converted hold is counted or Exclusive and needs a ticket.
    /// </summary>
    internal TakeStatus TryConvertEmbedded(long token, int to, HoldChange change)
    {
        RangeTable? ranges = null;
        TakeStatus status;
        long stamp = Unbias(to);
        do
        {
            long word = Volatile.Read(ref _word);
            bool entered = change == HoldChange.Upgrade && EntersRanges(word, ref ranges);
            status = entered ? TakeStatus.Raced
                : !TryRemoveEmbedded(word, token, out long rest) ? TakeStatus.Released
                : TryReplace(word, rest, to, change, ranges);
        }
        while (status == TakeStatus.Raced || WasBiased(status, ref stamp));

        ranges?.Exit();
        return status;
    }

    /// <summary>Freezes without holding anything: refused while Write or Exclusive is held.</summary>
    internal TakeStatus TryFreeze(out long word)
    {
        RangeTable? ranges = null;
        TakeStatus status;
        do
        {
            word = Volatile.Read(ref _word);
            if (EntersRanges(word, ref ranges))
            {
                status = TakeStatus.Raced;
                continue;
            }

            status = Refusal(word, ConflictTable.ImmutableIndex, ranges);
            if (status == TakeStatus.Taken && Interlocked.CompareExchange(ref _word, word | HoldWord.Frozen, word) != word)
            {
                status = TakeStatus.Raced;
            }
        }
        while (status == TakeStatus.Raced);

        ranges?.Exit();
        return status;
    }

    // Replaces a hold that was taken out of `word` (which left `rest`) by one of another kind. A weaker one needs no look at the ranges,
    // nor their lock: what could be taken beside the hold can stay beside it.
    private TakeStatus TryReplace(long word, long rest, int to, HoldChange change, RangeTable? ranges)
    {
        if (change == HoldChange.Upgrade && IsRetiredAt(word))
        {
            return TakeStatus.Retired;
        }

        if (!Allows(word, to))
        {
            return TakeStatus.Unsupported;
        }

        if (HoldWord.Blocks(rest, to) || ranges?.BlocksWhole(to) == true)
        {
            return TakeStatus.Conflict;
        }

        rest = Settled(rest, ranges);
        long next = to == ConflictTable.ExclusiveIndex ? rest | HoldWord.Exclusive : rest + HoldWord.One(rest, to);
        next |= change == HoldChange.Freeze ? HoldWord.Frozen : 0;
        return Interlocked.CompareExchange(ref _word, next, word) == word ? TakeStatus.Taken : TakeStatus.Raced;
    }

    // Exclusive leaves with a new version, if the word has one: see the remarks of the type.
    private static long WithoutExclusive(long word)
    {
        long rest = word & ~HoldWord.OwnerExclusive;
        return HoldWord.IsWide(word) ? rest : HoldWord.NextVersion(rest);
    }
}
