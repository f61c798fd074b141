using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

// Taking: one lean attempt, then the slow path.
public abstract partial class HoldDomain
{
    /// <summary>Takes a hold that travels; <c>default</c> for a conflict that is not to throw. All other refusals throw.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal HoldToken TakeToken(HoldKind kind, bool conflictThrows)
    {
        HoldErrors.ThrowIfNotKind(kind);
        int index = ConflictTable.Index(kind);
        return TryTakeSimple(index, out HoldToken token) ? token : TakeSlow(index, scoped: false, conflictThrows);
    }

    /// <summary>
    /// Takes a scoped hold, off its fast path; <c>default</c> for a conflict that is not to throw. The token's source is a ticket or
    /// this domain; in the latter case a scoped Exclusive hold leaves through <see cref="Locking.Tracker.TryReleaseScopedExclusive"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal HoldToken TakeScoped(int index, bool conflictThrows) =>
        index != ConflictTable.ExclusiveIndex && TryTakeSimple(index, out HoldToken token)
            ? token
            : TakeSlow(index, scoped: true, conflictThrows);

    /// <summary>One attempt, when nothing is special: what is left out here, the slow path does. False says nothing.</summary>
    internal bool TryTakeSimple(int index, out HoldToken token)
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
            return Tracker.TryTakeAt(word, next);
        }

        // The ticket comes first: once the hold is taken, nothing may fail. An Exclusive hold does without the domain's own ticket,
        // because a lost lease is found through a ticket that the domain does not keep alive.
        if (shared && (word & HoldWord.OwnTicket) == 0)
        {
            Ticket own = Volatile.Read(ref _ownTicket) ?? MakeOwnTicket();
            bool taken = Tracker.TryTakeAt(word, next | HoldWord.OwnTicket);
            token = taken ? own.ActivateOwn(index) : default;
            return taken;
        }

        Ticket ticket = TicketCache.Rent();
        if (Tracker.TryTakeAt(word, next))
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
        var mine = new Ticket(this, IdentityPlace.OwnTicket);
        return Interlocked.CompareExchange(ref _ownTicket, mine, null) ?? mine;
    }

    private HoldToken TakeSlow(int index, bool scoped, bool conflictThrows)
    {
        TakeStatus status = TakeBesideWaiters(index, RangeRequest.Whole, scoped, out HoldToken token, out long word);
        return status switch
        {
            TakeStatus.Taken => token,
            TakeStatus.Conflict or TakeStatus.Reserved when !conflictThrows => default,
            _ => throw HoldErrors.For(status, this, ConflictTable.Kind(index), word),
        };
    }

    private TakeStatus Take(int index, bool scoped, out HoldToken token, out long word)
    {
        TakeStatus status;
        do
        {
            status = TakeAs(index, ByteLength == 0, scoped, out token, out word);
        }
        while (status == TakeStatus.Raced);

        if (IsGuarded && status == TakeStatus.Taken)
        {
            OnTaken(index, isWhole: true);
        }

        return status;
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
        if (!exclusive && !empty && !IsTraced && !Tracker.IsRental && HoldWord.CanEmbed(Tracker.Word))
        {
            TakeStatus embedded = Tracker.TryTakeShared(index, embed: true, out word);
            if (embedded == TakeStatus.Taken && IsMisplaced(index, empty, IdentityPlace.Word, word))
            {
                return TakeStatus.Raced;
            }

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
        if (status == TakeStatus.Taken && IsMisplaced(index, empty, IdentityPlace.Ticket, word))
        {
            status = TakeStatus.Raced;
        }

        if (status == TakeStatus.Taken)
        {
            if (!exclusive || !scoped || empty || IsTraced || HoldWord.IsWide(word))
            {
                token = ticket.Activate(this, index, HoldExtent.Whole with { Form = empty ? HoldForm.Empty : HoldForm.Whole });
                return TakeStatus.Taken;
            }

            token = new HoldToken(this, word);
        }

        TicketCache.Return(ticket);
        return status;
    }

    private bool Supports(int index) => ((HoldKind)SupportedKinds & ConflictTable.Kind(index)) != 0;

    // Whether a resize from or to nothing came between, so that the hold is counted in the wrong place; then it is given back.
    private bool IsMisplaced(int index, bool empty, IdentityPlace place, long word)
    {
        if (empty == (ByteLength == 0))
        {
            return false;
        }

        if (empty)
        {
            Tracker.ReleaseEmpty();
        }
        else if (index == ConflictTable.ExclusiveIndex)
        {
            Tracker.ReleaseForOwner();
        }
        else if (place == IdentityPlace.Word)
        {
            Tracker.TryReleaseEmbedded(Tracker.EmbeddedToken(word));
        }
        else
        {
            Tracker.ReleaseShared(index, place);
        }

        AfterRelease();
        return true;
    }
}
