namespace FastBuffers.Locking;

// Retiring, closing, resizing, and the zero-length holds that matter only to them.
internal partial struct Tracker
{
    /// <summary>Refuses new holds from here on. True for the caller that did it; <see cref="TryClose"/> comes next.</summary>
    internal bool Retire()
    {
        EndBias();
        bool first = (Interlocked.Or(ref _others, Retiring) & Retiring) == 0;
        DecideRetired();
        return first;
    }

    /// <summary>
    /// Closes a domain without holds that was retired, or is rented out. True for exactly one caller, ever (or until it is renewed): the
    /// one that frees. Zero-length holds only fall once Retiring is set, so finding none of them before the CAS is final; a rented domain
    /// is retired here, in the same step in which none of them is found: they may be taken while Exclusive leaves.
    /// </summary>
    internal bool TryClose()
    {
        RangeTable? ranges = null;
        bool closed = false;
        while (!closed)
        {
            long word = Volatile.Read(ref _word);
            if (EntersRanges(word, ref ranges))
            {
                continue;
            }

            long others = Volatile.Read(ref _others);
            if ((others & (Retiring | Rental)) == 0 || others >> EmptyShift != 0 || IsHeld(word, ranges) || (word & HoldWord.Closed) != 0)
            {
                break;
            }

            if ((others & Retiring) == 0 && Interlocked.CompareExchange(ref _others, others | Retiring, others) != others)
            {
                continue;
            }

            closed = Interlocked.CompareExchange(ref _word, word | HoldWord.Retired | HoldWord.Closed, word) == word;
        }

        ranges?.Exit();
        return closed;
    }

    /// <summary>Retires and closes whatever is held: for a domain that nobody can reach any more. True for the caller that frees.</summary>
    internal bool TryAbandon()
    {
        Interlocked.Or(ref _others, Retiring);
        return (Interlocked.Or(ref _word, HoldWord.Retired | HoldWord.Closed) & HoldWord.Closed) == 0;
    }

    /// <summary>
    /// Retires an idle domain, of which nothing at all is held; else changes nothing. At length 0 the count of zero-length holds decides,
    /// else the word does, beside which that count does not rise from nothing: see <see cref="TryTakeEmptyPart"/>. Taken:
    /// <see cref="TryClose"/> comes next.
    /// </summary>
    internal TakeStatus TryRetireIdle(bool empty, out long word)
    {
        RangeTable? ranges = null;
        TakeStatus status;
        long stamp = Unbias(ConflictTable.ExclusiveIndex);
        do
        {
            word = Volatile.Read(ref _word);
            if (EntersRanges(word, ref ranges))
            {
                status = TakeStatus.Raced;
            }
            else if (IsRetiredAt(word))
            {
                DecideRetired();
                status = TakeStatus.Retired;
            }
            else if (IsHeld(word, ranges) || EmptyHolds != 0)
            {
                status = TakeStatus.Conflict;
            }
            else
            {
                status = empty ? RetireEmpty() : RetireAt(word);
            }
        }
        while (status == TakeStatus.Raced || WasBiased(status, ref stamp));

        ranges?.Exit();
        return status;
    }

    /// <summary>
    /// Lets the owner change the length: needs Exclusive (which <see cref="TryTakeForOwner"/> or a lease gives) and no zero-length hold
    /// but the <paramref name="own"/> ones; none can be taken until <see cref="EndResize"/>.
    /// </summary>
    internal bool TryBeginResize(int own)
    {
        while (true)
        {
            long others = Volatile.Read(ref _others);
            if (others >> EmptyShift != own || (others & (Resizing | Retiring)) != 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _others, others | Resizing, others) == others)
            {
                return true;
            }
        }
    }

    /// <summary>Ends what <see cref="TryBeginResize"/> began. The holder of Exclusive calls it, before it releases.</summary>
    internal void EndResize(bool isChecked, int ownBefore, int ownAfter)
    {
        // What was the owner's is the holder's now, if there is one.
        long word, next;
        do
        {
            word = Volatile.Read(ref _word);
            next = word & ~(HoldWord.Checked | HoldWord.EmbeddedMask);
        }
        while (Interlocked.CompareExchange(ref _word, isChecked ? next | HoldWord.Checked : next, word) != word);
        Interlocked.Add(ref _others, ((ownAfter - ownBefore) * EmptyOne) - Resizing);
    }

    /// <summary>
    /// Exclusive for the owner of the domain itself, to resize: frozen or not. Not for a moment while there are zero-length holds but the
    /// <paramref name="own"/> ones, which the resize will be refused for: others would be refused for it.
    /// </summary>
    internal TakeStatus TryTakeForOwner(int own, out long word)
    {
        RangeTable? ranges = null;
        TakeStatus status;
        long stamp = Unbias(ConflictTable.ExclusiveIndex);
        do
        {
            word = Volatile.Read(ref _word);
            if (EntersRanges(word, ref ranges))
            {
                status = TakeStatus.Raced;
            }
            else if (IsRetiredAt(word))
            {
                DecideRetired();
                status = TakeStatus.Retired;
            }
            else if (IsHeld(word, ranges) || EmptyHolds != own)
            {
                status = TakeStatus.Conflict;
            }
            else
            {
                long next = Settled(word, ranges) | HoldWord.OwnerExclusive;
                status = Interlocked.CompareExchange(ref _word, next, word) == word ? TakeStatus.Taken : TakeStatus.Raced;
                word = next;
            }
        }
        while (status == TakeStatus.Raced || WasBiased(status, ref stamp));

        ranges?.Exit();
        return status;
    }

    /// <summary>
    /// Gives back what <see cref="TryTakeForOwner"/> took; by compare-and-swap, because <see cref="FreezeEmpty"/> may run beside it.
    /// </summary>
    internal void ReleaseForOwner()
    {
        long word;
        do
        {
            word = Volatile.Read(ref _word);
        }
        while (Interlocked.CompareExchange(ref _word, WithoutExclusive(word), word) != word);
    }

    /// <summary>Freezes a domain of length 0 for one of its zero-length Exclusive holds, which keeps it from being resized.</summary>
    internal void FreezeEmpty() => Interlocked.Or(ref _word, HoldWord.Frozen);

    /// <summary>Takes a zero-length hold. <paramref name="word"/> is the word that refused.</summary>
    internal TakeStatus TryTakeEmpty(int index, out long word)
    {
        while (true)
        {
            long others = Volatile.Read(ref _others);
            word = Volatile.Read(ref _word);
            if ((others & Retiring) != 0 || (word & HoldWord.Retired) != 0)
            {
                DecideRetired();
                return TakeStatus.Retired;
            }

            if (!Allows(word, index))
            {
                return TakeStatus.Unsupported;
            }

            if ((others & Resizing) != 0)
            {
                return TakeStatus.Conflict;
            }

            if (IsFull(word, Ranges))
            {
                return TakeStatus.Full;
            }

            if (Interlocked.CompareExchange(ref _others, others + EmptyOne, others) == others)
            {
                return TakeStatus.Taken;
            }
        }
    }

    /// <summary>Adds a zero-length hold that a live one covers.</summary>
    internal TakeStatus ShareEmpty()
    {
        if (IsFull(Volatile.Read(ref _word), Ranges))
        {
            return TakeStatus.Full;
        }

        Interlocked.Add(ref _others, EmptyOne);
        return TakeStatus.Taken;
    }

    /// <summary>Ends a zero-length hold. The caller's ticket has made sure that this happens once.</summary>
    internal void ReleaseEmpty() => Interlocked.Add(ref _others, -EmptyOne);

    private static bool IsHeld(long word, RangeTable? ranges) => HoldWord.HasHolds(word) || ranges is { IsEmpty: false };

    private TakeStatus RetireEmpty()
    {
        long others = Volatile.Read(ref _others) & (RentalFlags | Waiting);
        if (Interlocked.CompareExchange(ref _others, others | Retiring, others) != others)
        {
            return TakeStatus.Raced;
        }

        DecideRetired();
        return TakeStatus.Taken;
    }

    private TakeStatus RetireAt(long word)
    {
        if (Interlocked.CompareExchange(ref _word, word | HoldWord.Retired, word) != word)
        {
            return TakeStatus.Raced;
        }

        Interlocked.Or(ref _others, Retiring);
        return TakeStatus.Taken;
    }

    // Makes a retirement that was announced final: by changing the word, unless somebody holds Exclusive, with whom it changes.
    private void DecideRetired()
    {
        while (true)
        {
            long word = Volatile.Read(ref _word);
            bool changesAnyway = (word & HoldWord.Exclusive) != 0 && !HoldWord.IsWide(word);
            if ((word & HoldWord.Retired) != 0
                || changesAnyway
                || Interlocked.CompareExchange(ref _word, word | HoldWord.Retired, word) == word)
            {
                return;
            }
        }
    }
}
