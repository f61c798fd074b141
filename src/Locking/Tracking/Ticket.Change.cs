namespace FastBuffers.Locking;

// Changing the hold that a ticket is the identity of: its kind, its bytes, or both given to others.
internal sealed partial class Ticket
{
    /// <summary>
    /// Keeps the hold, and its kind, for one that tries to change it: <see cref="TryRenew"/>, <see cref="TryMove"/> or
    /// <see cref="EndChange"/> must follow. Copies of one token that are changed by two threads at once are a mistake, which the second
    /// of them hears of; of an Exclusive hold there must be no use.
    /// </summary>
    internal TakeStatus TryBeginChange(long token)
    {
        while (true)
        {
            long state = Volatile.Read(ref _state);
            if (!IsOf(state, token))
            {
                return TakeStatus.Released;
            }

            if (IsDisownedNow())
            {
                continue;
            }

            if ((state & Changing) != 0)
            {
                return TakeStatus.Raced;
            }

            if ((token & KindMask) == ConflictTable.ExclusiveIndex && (state & UseMask) != 0)
            {
                return TakeStatus.Conflict;
            }

            if (Interlocked.CompareExchange(ref _state, state + Changing + UseOne, state) == state)
            {
                return TakeStatus.Taken;
            }
        }
    }

    /// <summary>Ends a change that was refused.</summary>
    internal void EndChange() => End(UseOne + Changing);

    /// <summary>
    /// Consumes a hold to make it one of another kind: the old token ends at once; <see cref="EndUse"/> makes the change final. The
    /// new token must not be handed out before that. An Exclusive hold must not be used by anybody but the caller.
    /// </summary>
    /// <param name="token">The hold.</param>
    /// <param name="newIndex">The kind to become.</param>
    /// <param name="inUse">Whether the caller has a use of the hold; it has one afterwards in any case.</param>
    /// <param name="converted">The new token.</param>
    internal TakeStatus TryConsume(long token, int newIndex, bool inUse, out HoldToken converted)
    {
        bool exclusive = (token & KindMask) == ConflictTable.ExclusiveIndex;
        while (true)
        {
            converted = default;
            long state = Volatile.Read(ref _state);
            if (!IsOf(state, token))
            {
                return TakeStatus.Released;
            }

            if (IsDisownedNow())
            {
                continue;
            }

            if ((state & Changing) != 0)
            {
                return TakeStatus.Raced;
            }

            if (exclusive && (state & UseMask) != (inUse ? UseOne : 0))
            {
                return TakeStatus.Conflict;
            }

            // The uses of a shared hold are the instants in which somebody shares it.
            long next = NextToken(state, newIndex);
            if (Interlocked.CompareExchange(ref _state, next + (state & UseMask) + (inUse ? 0 : UseOne), state) == state)
            {
                converted = new HoldToken(this, next);
                NoteKind(newIndex);
                return TakeStatus.Taken;
            }
        }
    }

    /// <summary>For one who has a use of an Exclusive hold: whether others have one too, so that it could not be consumed now.</summary>
    internal bool HasOtherUses => (Volatile.Read(ref _state) & UseMask) > UseOne;

    /// <summary>
    /// Gives a hold in <see cref="TryBeginChange"/>, whose kind the caller has changed in the word, the new kind, and ends the change.
    /// False when the old token was released meanwhile: then the hold ends as the new kind.
    /// </summary>
    internal bool TryRenew(int newIndex, out HoldToken renewed)
    {
        while (true)
        {
            long state = Volatile.Read(ref _state);
            bool released = (state & Released) != 0;
            long next = released ? (state & ~KindMask) | (long)newIndex : NextToken(state, newIndex) | ((state & UseMask) - UseOne);
            if (Interlocked.CompareExchange(ref _state, next, state) == state)
            {
                renewed = released ? default : new HoldToken(this, next & ~UseMask);
                NoteKind(newIndex);
                if (released)
                {
                    EndChange();
                }

                return !released;
            }
        }
    }

    /// <summary>
    /// Ends a hold in <see cref="TryBeginChange"/> whose bytes the caller has given to others, and the change. False when it was
    /// released meanwhile: then those others have to end.
    /// </summary>
    internal bool TryMove(long token)
    {
        _extent = _extent with { Form = HoldForm.Moved };
        _special = true;
        bool moved = TryRelease(token);
        EndChange();
        return moved;
    }

    /// <summary>
    /// Moves a whole-domain hold between the word and the count of zero-length ones, when a resize through it crosses zero.
    /// </summary>
    internal void SetEmpty(bool empty)
    {
        _extent = HoldExtent.Whole with { Form = empty ? HoldForm.Empty : HoldForm.Whole };
        _special = true;
    }

    private void NoteKind(int index)
    {
        if (_special && Trace is { } trace)
        {
            trace.Kind = ConflictTable.Kind(index);
        }
    }
}
