using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

// Taking and releasing in general; the fast paths are in Tracker.cs.
internal partial struct Tracker
{
    /// <summary>
    /// Takes a shared kind; with its identity in the word when <paramref name="embed"/> is set and there is room, else counted, for a
    /// ticket. <paramref name="word"/> is the word as it was left, or the one that refused.
    /// </summary>
    internal TakeStatus TryTakeShared(int index, bool embed, out long word)
    {
        RangeTable? ranges = null;
        long stamp = Unbias(index);
        while (true)
        {
            word = Volatile.Read(ref _word);
            if (EntersRanges(word, ref ranges))
            {
                continue;
            }

            TakeStatus status = Refusal(word, index, ranges);
            long next = word;
            if (status == TakeStatus.Taken)
            {
                status = embed && !HoldWord.CanEmbed(word) ? TakeStatus.NeedsTicket
                    : IsFull(word, ranges) || !TryAdd(word, index, out next) ? TakeStatus.Full
                    : TakeStatus.Taken;
            }

            if (status == TakeStatus.Taken)
            {
                next = Settled(next, ranges) | (embed ? HoldWord.Embedded(index) : 0);
                if (Interlocked.CompareExchange(ref _word, next, word) != word)
                {
                    continue;
                }

                word = next;
            }
            else if (WasBiased(status, ref stamp))
            {
                continue;
            }

            ranges?.Exit();
            return status;
        }
    }

    /// <summary>Takes Exclusive. <paramref name="word"/> is the word as it was left, or the one that refused.</summary>
    internal TakeStatus TryTakeExclusive(out long word)
    {
        RangeTable? ranges = null;
        long stamp = Unbias(ConflictTable.ExclusiveIndex);
        while (true)
        {
            word = Volatile.Read(ref _word);
            if (EntersRanges(word, ref ranges))
            {
                continue;
            }

            TakeStatus status = Refusal(word, ConflictTable.ExclusiveIndex, ranges);
            status = status == TakeStatus.Taken && IsFull(word, ranges) ? TakeStatus.Full : status;
            if (status == TakeStatus.Taken)
            {
                long next = Settled(word, ranges) | HoldWord.Exclusive;
                if (Interlocked.CompareExchange(ref _word, next, word) != word)
                {
                    continue;
                }

                word = next;
            }
            else if (WasBiased(status, ref stamp))
            {
                continue;
            }

            ranges?.Exit();
            return status;
        }
    }

    /// <summary>What names an embedded hold: the version and the kind in the word that was left by taking it.</summary>
    internal static long EmbeddedToken(long word) => word & (HoldWord.VersionMask | HoldWord.EmbeddedMask);

    /// <summary>Ends an embedded hold; false when it had ended before.</summary>
    internal bool TryReleaseEmbedded(long token)
    {
        while (true)
        {
            long word = Volatile.Read(ref _word);
            if (!TryRemoveEmbedded(word, token, out long next))
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _word, next, word) == word)
            {
                return true;
            }
        }
    }

    /// <summary>Ends a shared hold that has a ticket, which has made sure that this happens once.</summary>
    internal void ReleaseShared(int index, IdentityPlace place)
    {
        long flag = place == IdentityPlace.OwnTicket ? HoldWord.OwnTicket : 0;
        long word;
        do
        {
            word = Volatile.Read(ref _word);
        }
        while (Interlocked.CompareExchange(ref _word, (word - HoldWord.One(word, index)) & ~flag, word) != word);
    }

    /// <summary>Ends an Exclusive hold that has a ticket, which has made sure that this happens once.</summary>
    internal void ReleaseExclusive(IdentityPlace place)
    {
        long flag = place == IdentityPlace.OwnTicket ? HoldWord.OwnTicket : 0;
        long word = Volatile.Read(ref _word);
        if (!HoldWord.IsWide(word))
        {
            // Nothing to compare with: see the remarks of the type.
            Interlocked.Exchange(ref _word, HoldWord.NextVersion(word & ~(HoldWord.Exclusive | flag)));
            return;
        }

        Interlocked.And(ref _word, ~(HoldWord.Exclusive | flag));
    }

    /// <summary>Gives the domain's own ticket away, whose hold went on under other tickets.</summary>
    internal void ReleaseOwnTicket() => Interlocked.And(ref _word, ~HoldWord.OwnTicket);

    private static bool Allows(long word, int index) =>
        (word & HoldWord.Frozen) == 0 || index is ConflictTable.ReadIndex or ConflictTable.ImmutableIndex;

    // The reason not to take the whole in a kind beside what is held, in the order of the errors. Reads _others after the word: see the
    // type.
    private TakeStatus Refusal(long word, int index, RangeTable? ranges)
    {
        if (IsRetiredAt(word))
        {
            DecideRetired();
            return TakeStatus.Retired;
        }

        if (!Allows(word, index))
        {
            return TakeStatus.Unsupported;
        }

        return HoldWord.Blocks(word, index) || ranges?.BlocksWhole(index) == true ? TakeStatus.Conflict : TakeStatus.Taken;
    }

    private bool TryAdd(long word, int index, out long next)
    {
        if (!HoldWord.IsFull(word))
        {
            next = word + HoldWord.One(word, index);
            return true;
        }

        next = word;
        if (HoldWord.IsWide(word))
        {
            return false;
        }

        next = Widen(word);
        next += HoldWord.One(next, index);
        return true;
    }

    // The wide form of the word, with the version of its embedded holder put aside first. Racing wideners may put aside different
    // versions, so the field only rises: whoever wins the CAS on the word saw the highest version a narrow word ever had, no writer
    // can have seen a higher one, and so the field equals the winner's version from the CAS on.
    private long Widen(long word)
    {
        if (HoldWord.HasEmbedded(word))
        {
            long version = word & HoldWord.VersionMask;
            long aside = Volatile.Read(ref _embeddedAtWidening);
            while ((ulong)aside < (ulong)version)
            {
                long seen = Interlocked.CompareExchange(ref _embeddedAtWidening, version, aside);
                aside = seen == aside ? version : seen;
            }
        }

        return HoldWord.Widen(word);
    }

    private bool TryRemoveEmbedded(long word, long token, out long next)
    {
        if (((word ^ token) & HoldWord.IdentityMask) == 0 && (token & HoldWord.TicketTag) == 0)
        {
            next = HoldWord.NextVersion((word & ~HoldWord.EmbeddedMask) - HoldWord.One(word, HoldWord.EmbeddedIndex(token)));
            return true;
        }

        if (IsEmbeddedInWide(word, token))
        {
            next = (word & ~HoldWord.EmbeddedMask) - HoldWord.One(word, HoldWord.EmbeddedIndex(token));
            return true;
        }

        next = 0;
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsEmbeddedInWide(long word, long token) =>
        HoldWord.IsWide(word)
        && (token & HoldWord.TicketTag) == 0
        && (token & HoldWord.EmbeddedMask) != 0
        && ((word ^ token) & HoldWord.EmbeddedMask) == 0
        && Volatile.Read(ref _embeddedAtWidening) == (token & HoldWord.VersionMask);
}
