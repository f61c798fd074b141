using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

/// <summary>
/// Bytes with one tracker: every hold on them is taken here. Base of <see cref="HoldTracker"/> and of regions; not for inheritance
/// elsewhere. Thread-safe.
/// </summary>
public abstract class HoldDomain
{
    /// <summary>How many gen-2 collections something lost waits, so that no span of it can be on a stack any more.</summary>
    internal const int QuarantineCollections = 2;

    /// <summary>The state machine. Public operations of derived types call its fast paths directly.</summary>
    internal Tracker Tracker;

    private readonly HoldCapabilities _supported;
    private long _length;
    private Ticket? _ownTicket;

    internal HoldDomain(long length, HoldCapabilities supported, bool traced)
    {
        _length = length;
        _supported = supported;
        IsTraced = traced;
        Tracker = new Tracker(NeedsChecks);
    }

    /// <summary>Whether each hold records the stack that took it.</summary>
    internal bool IsTraced { get; }

    /// <summary>Whether the domain itself was found unreachable before it was retired.</summary>
    internal bool IsLost { get; set; }

    internal long ByteLength => Volatile.Read(ref _length);

    /// <summary>The kinds that may be asked for now.</summary>
    internal HoldCapabilities SupportedKinds => IsFrozen ? HoldCapabilities.Read | HoldCapabilities.Immutable : _supported;

    internal bool IsFrozen => (Tracker.Word & HoldWord.Frozen) != 0;

    private bool NeedsChecks => IsTraced || _length == 0 || (_supported & HoldErrors.AllKinds) != HoldErrors.AllKinds;

    /// <summary>The holds now: advisory, out of date as soon as it is read.</summary>
    /// <returns>Counts by kind and flags. The fields are read one after the other, not as one instant.</returns>
    public HoldSnapshot Snapshot() => SnapshotOf(Tracker.Word);

    /// <summary>Names the domain in messages.</summary>
    internal abstract string Describe();

    /// <summary>Called once, after the domain was retired and its last hold has ended.</summary>
    internal virtual void OnClosed()
    {
    }

    /// <summary>Takes a hold that travels; <c>default</c> for a conflict that is not to throw. All other refusals throw.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal HoldToken TakeToken(HoldKind kind, bool conflictThrows)
    {
        HoldErrors.ThrowIfNotKind(kind);
        int index = ConflictTable.Index(kind);
        return TryTakeSimply(index, out HoldToken token) ? token : TakeInGeneral(index, scoped: false, conflictThrows);
    }

    /// <summary>
    /// Takes a scoped hold, off its fast path; <c>default</c> for a conflict that is not to throw. The token's source is a ticket or
    /// this domain; in the latter case a scoped Exclusive hold leaves through <see cref="Locking.Tracker.TryReleaseScopedExclusive"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal HoldToken TakeScoped(int index, bool conflictThrows) =>
        index != ConflictTable.ExclusiveIndex && TryTakeSimply(index, out HoldToken token)
            ? token
            : TakeInGeneral(index, scoped: true, conflictThrows);

    /// <summary>What a release does besides leaving the word: the last one of a retired domain closes it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void AfterRelease()
    {
        if (Tracker.HasOthers)
        {
            CloseIfUnheld();
        }
    }

    /// <summary>Ends a hold whose ticket was released.</summary>
    internal void EndTicketed(int index, IdentityPlace place)
    {
        Tracker.Release(index, place);
        AfterRelease();
    }

    /// <summary>Ends a zero-length hold whose ticket was released.</summary>
    internal void EndEmpty()
    {
        Tracker.ReleaseEmpty();
        AfterRelease();
    }

    /// <summary>Refuses new holds; closes now or at the last release. True for the call that did it.</summary>
    internal bool RetireCore(out bool held)
    {
        bool retired = Tracker.Retire();
        held = retired && !CloseIfUnheld() && !IsClosed;
        return retired;
    }

    /// <summary>Closes if nothing is held, else changes nothing. True when this call closed it.</summary>
    internal bool TryCloseUnheld()
    {
        TakeStatus status = Tracker.TryRetireUnheld(out long word);
        if (status == TakeStatus.Taken)
        {
            OnClosed();
            return true;
        }

        return status == TakeStatus.Conflict ? false : throw HoldErrors.For(status, this, HoldKind.Exclusive, word);
    }

    /// <summary>Freezes without a hold.</summary>
    internal void FreezeCore()
    {
        TakeStatus status = Tracker.TryFreeze(out long word);
        if (status != TakeStatus.Taken)
        {
            throw HoldErrors.For(status, this, HoldKind.Immutable, word);
        }
    }

    /// <summary>
    /// Shuts everybody out to change the length: nothing may be held, or only the given Exclusive hold (<c>default</c> for none).
    /// <see cref="EndResize"/> must follow.
    /// </summary>
    internal void BeginResize(HoldToken holder, long newLength)
    {
        bool takes = holder.IsDefault || holder.IsEmpty;
        long word = Tracker.Word;
        TakeStatus status = takes ? Tracker.TryTakeForOwner(out word) : TakeStatus.Taken;
        if (status == TakeStatus.Taken && Tracker.TryBeginResize(holder.IsEmpty ? 1 : 0))
        {
            return;
        }

        if (takes && status == TakeStatus.Taken)
        {
            Tracker.ReleaseExclusive();
            AfterRelease();
        }

        throw HoldErrors.ResizeRefused(status, this, newLength, word);
    }

    /// <summary>
    /// Ends the token of the hold that resizes, and gives the one after it, which becomes final with <see cref="Ticket.EndUse"/>.
    /// </summary>
    internal static HoldToken ConsumeForResize(HoldToken holder)
    {
        if (holder.Ticket is not { } ticket)
        {
            return default;
        }

        while (true)
        {
            switch (ticket.TryConsume(holder.Value, ConflictTable.ExclusiveIndex, out HoldToken renewed))
            {
                case TakeStatus.Taken:
                    return renewed;
                case TakeStatus.Released:
                    throw HoldErrors.Released(HoldKind.Exclusive);
                case TakeStatus.Conflict:
                    throw HoldErrors.ResizeInUse(ticket.Domain);
            }
        }
    }

    /// <summary>Lets everybody in again, at the given length.</summary>
    internal void EndResize(HoldToken holder, long newLength)
    {
        int own = holder.IsEmpty ? 1 : 0;
        bool empty = newLength == 0 && !holder.IsDefault;
        Volatile.Write(ref _length, newLength);
        holder.Ticket?.SetEmpty(empty);
        Tracker.EndResize(NeedsChecks, own, empty ? 1 : 0);
        if (holder.IsDefault || empty)
        {
            Tracker.ReleaseExclusive();
            AfterRelease();
        }
    }

    internal HoldSnapshot SnapshotOf(long word) => new()
    {
        Readers = HoldWord.Count(word, ConflictTable.ReadIndex),
        Writers = HoldWord.Count(word, ConflictTable.WriteIndex),
        Immutables = HoldWord.Count(word, ConflictTable.ImmutableIndex),
        RangedHolds = Tracker.EmptyHolds,
        IsExclusive = (word & HoldWord.Exclusive) != 0,
        IsFrozen = (word & HoldWord.Frozen) != 0,
        IsRetired = Tracker.IsRetired,
    };

    private bool IsClosed => (Tracker.Word & HoldWord.Closed) != 0;

    // One attempt, when nothing is special: what is left out here, the general path does. False says nothing.
    private bool TryTakeSimply(int index, out HoldToken token)
    {
        long word = Tracker.Word;
        if (!HoldWord.IsSimple(word, index))
        {
            token = default;
            return false;
        }

        long next = HoldWord.AddSimple(word, index);
        bool shared = index != ConflictTable.ExclusiveIndex;
        if (shared && !HoldWord.HasEmbedded(word))
        {
            next |= HoldWord.Embedded(index);
            token = new HoldToken(this, Tracker.EmbeddedToken(next));
            return Tracker.TryTakeAt(word, next, index, IdentityPlace.Word);
        }

        // The ticket comes first: once the hold is taken, nothing may fail. An Exclusive hold does without the domain's own ticket,
        // because a lost lease is found through a ticket that the domain does not keep alive.
        if (shared && (word & HoldWord.OwnTicket) == 0)
        {
            Ticket own = _ownTicket ?? MakeOwnTicket();
            bool taken = Tracker.TryTakeAt(word, next | HoldWord.OwnTicket, index, IdentityPlace.OwnTicket);
            token = taken ? own.ActivateOwn(index) : default;
            return taken;
        }

        Ticket ticket = TicketCache.Rent();
        if (Tracker.TryTakeAt(word, next, index, IdentityPlace.Ticket))
        {
            token = ticket.Activate(this, index);
            return true;
        }

        TicketCache.Return(ticket);
        token = default;
        return false;
    }

    private Ticket MakeOwnTicket()
    {
        var mine = new Ticket(this);
        return Interlocked.CompareExchange(ref _ownTicket, mine, null) ?? mine;
    }

    private HoldToken TakeInGeneral(int index, bool scoped, bool conflictThrows)
    {
        TakeStatus status = Take(index, scoped, out HoldToken token, out long word);
        return status switch
        {
            TakeStatus.Taken => token,
            TakeStatus.Conflict when !conflictThrows => default,
            _ => throw HoldErrors.For(status, this, ConflictTable.Kind(index), word),
        };
    }

    private TakeStatus Take(int index, bool scoped, out HoldToken token, out long word)
    {
        while (true)
        {
            bool empty = ByteLength == 0;
            TakeStatus status = TakeAs(index, empty, scoped, out token, out word);
            if (status == TakeStatus.Retired)
            {
                // An undone take may have been what a concurrent retire saw; then closing is left to it.
                AfterRelease();
            }

            if (status != TakeStatus.Taken || empty == (ByteLength == 0))
            {
                return status;
            }

            // Resized from or to nothing in between: the hold is counted in the wrong place.
            EndScopedOrToken(token, scoped, index);
        }
    }

    private TakeStatus TakeAs(int index, bool empty, bool scoped, out HoldToken token, out long word)
    {
        token = default;
        word = 0;
        if (!Supports(index))
        {
            return Tracker.IsRetired ? TakeStatus.Retired : TakeStatus.Unsupported;
        }

        bool exclusive = index == ConflictTable.ExclusiveIndex;
        if (!exclusive && !empty && !IsTraced && HoldWord.CanEmbed(Tracker.Word))
        {
            TakeStatus embedded = Tracker.TryTakeShared(index, embed: true, out word);
            if (embedded != TakeStatus.NeedsTicket)
            {
                token = embedded == TakeStatus.Taken ? new HoldToken(this, Tracker.EmbeddedToken(word)) : default;
                return embedded;
            }
        }

        // Rented first: once the hold is taken, nothing may fail.
        Ticket ticket = TicketCache.Rent();
        TakeStatus status = empty ? Tracker.TryTakeEmpty(index, out word)
            : exclusive ? Tracker.TryTakeExclusive(out word)
            : Tracker.TryTakeShared(index, embed: false, out word);
        if (status == TakeStatus.Taken)
        {
            if (!exclusive || !scoped || empty || IsTraced || HoldWord.IsWide(word))
            {
                token = IsTraced ? ticket.ActivateTraced(this, index, empty) : ticket.Activate(this, index, empty);
                return TakeStatus.Taken;
            }

            token = new HoldToken(this, word);
        }

        TicketCache.Return(ticket);
        return status;
    }

    private bool Supports(int index) => ((HoldKind)SupportedKinds & ConflictTable.Kind(index)) != 0;

    private void EndScopedOrToken(HoldToken token, bool scoped, int index)
    {
        if (scoped && index == ConflictTable.ExclusiveIndex && token.Ticket is null)
        {
            Tracker.TryReleaseScopedExclusive(token.Value);
            AfterRelease();
        }
        else
        {
            token.EndOnce();
        }
    }

    private bool CloseIfUnheld()
    {
        if (!Tracker.TryClose())
        {
            return false;
        }

        OnClosed();
        return true;
    }
}
