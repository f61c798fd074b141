using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

// Holds on parts.
public abstract partial class HoldDomain
{
    /// <summary>
    /// Takes a hold on a part; <c>default</c> for a conflict that is not to throw. All other refusals throw.
    /// </summary>
    /// <param name="index">The kind.</param>
    /// <param name="request">A part that is inside the domain, if that has the size that the part is of.</param>
    /// <param name="scoped">Whether the hold stays on this thread and needs no ticket.</param>
    /// <param name="conflictThrows">Whether a conflict throws.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal HoldToken TakeRange(int index, in RangeRequest request, bool scoped, bool conflictThrows)
    {
        if (request.Length != 0 && request.Length != ByteLength && Tracker.Ranges is { } ranges)
        {
            HoldToken token = scoped ? Tracker.TryTakePartSimple(ranges, index, request) : TakeLeaseSimple(ranges, index, request);
            if (!token.IsDefault)
            {
                return token;
            }
        }

        return TakeRangeSlow(index, request, scoped, conflictThrows);
    }

    private HoldToken TakeLeaseSimple(RangeTable ranges, int index, in RangeRequest request)
    {
        // Rented first: once the hold is taken, nothing may fail.
        Ticket ticket = TicketCache.Rent();
        HoldToken token = Tracker.TryTakePartSimple(ranges, index, request);
        if (token.Source is RangeSlot slot)
        {
            return ticket.Activate(this, index, new HoldExtent(HoldForm.Part, request.Start, request.Length, slot));
        }

        TicketCache.Return(ticket);
        return default;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private HoldToken TakeRangeSlow(int index, in RangeRequest request, bool scoped, bool conflictThrows)
    {
        if (!HasSize(request.Size))
        {
            throw Tracker.IsRetired ? HoldErrors.Retired(this) : HoldErrors.Resized(this);
        }

        if (request.Length == ByteLength)
        {
            HoldToken whole = scoped ? TakeScoped(index, conflictThrows) : TakeToken(ConflictTable.Kind(index), conflictThrows);
            return EndsAsResized(ref whole, request, index) ? throw HoldErrors.Resized(this) : whole;
        }

        TakeStatus status = TakeBesideWaiters(index, request, scoped, out HoldToken token, out long word);
        return status switch
        {
            TakeStatus.Taken => token,
            TakeStatus.Conflict or TakeStatus.Reserved when !conflictThrows => default,
            TakeStatus.Released => throw HoldErrors.Resized(this),
            TakeStatus.Reserved => throw HoldErrors.Reserved(this, ConflictTable.Kind(index), request),
            TakeStatus.Conflict => throw HoldErrors.Conflict(this, ConflictTable.Kind(index), word, request),
            _ => throw HoldErrors.For(status, this, ConflictTable.Kind(index), word),
        };
    }

    /// <summary>Takes the appender's hold; <c>default</c> for a conflict. All other refusals throw.</summary>
    internal HoldToken TakeAppender(out Frontier frontier)
    {
        int size = Size;
        frontier = new Frontier(ByteLength);
        TakeStatus status = TakeStatus.Unsupported;
        long word = Tracker.Word;
        if (Tracker.IsWaitedFor && WaitTable.MustYield(this, HoldKind.None, ConflictTable.ExclusiveIndex, RangeRequest.Whole))
        {
            return default;
        }

        if (Supports(ConflictTable.ExclusiveIndex))
        {
            Ticket ticket = TicketCache.Rent();
            status = Tracker.TryBeginAppend(Tracker.RangesOf(this), frontier, size, out word);
            if (status == TakeStatus.Taken)
            {
                NotePart(ConflictTable.ExclusiveIndex);
                NotePassing(HoldKind.None, ConflictTable.ExclusiveIndex, RangeRequest.Whole);
                ticket.Companion = frontier;
                return ticket.Activate(this, ConflictTable.ExclusiveIndex, new HoldExtent(HoldForm.Append, 0, frontier.End));
            }

            TicketCache.Return(ticket);
        }

        return status switch
        {
            TakeStatus.Conflict => default,

            // Resized meanwhile: the window is another one.
            TakeStatus.Released => TakeAppender(out frontier),
            TakeStatus.Unsupported when Tracker.IsRetired => throw HoldErrors.Retired(this),
            _ => throw HoldErrors.For(status, this, HoldKind.Exclusive, word),
        };
    }

    /// <summary>Copies what is held in part, as far as there is room, and counts it: see <see cref="RangeTable.CopyTo"/>.</summary>
    internal int CopyParts(Span<RangeEntry> destination, HoldKind kinds, long start, long end)
    {
        if (Tracker.Ranges is not { } ranges)
        {
            return 0;
        }

        ranges.Enter();
        int found = ranges.CopyTo(destination, kinds, start, end);
        ranges.Exit();
        return found;
    }

    // All parts that are held, from before the first byte on, because an appender may have none. The list is as long as the table was a
    // moment ago, until that is long enough.
    private RangeEntry[] ListParts()
    {
        RangeEntry[] parts = [];
        int found;
        while ((found = CopyParts(parts, ConflictTable.EveryKind, -1, long.MaxValue)) > parts.Length)
        {
            parts = new RangeEntry[found];
        }

        return parts[..found];
    }

    private TakeStatus TakePart(int index, in RangeRequest request, bool scoped, out HoldToken token, out long word)
    {
        token = default;
        word = Tracker.Word;
        if (!Supports(index))
        {
            return Tracker.IsRetired ? TakeStatus.Retired : TakeStatus.Unsupported;
        }

        bool empty = request.Length == 0;
        RangeTable ranges = Tracker.RangesOf(this);
        RangeSlot? slot = null;
        if (scoped && !empty && !IsTraced)
        {
            TakeStatus taken = Tracker.TryTakePart(ranges, index, request, out slot, out long value, out word);
            token = new HoldToken(slot, value);
            if (taken == TakeStatus.Taken)
            {
                NotePart(index);
            }

            return taken;
        }

        // Rented first: once the hold is taken, nothing may fail.
        Ticket ticket = TicketCache.Rent();
        TakeStatus status = empty
            ? Tracker.TryTakeEmptyPart(ranges, index, out word)
            : Tracker.TryTakePart(ranges, index, request, out slot, out _, out word);
        if (status == TakeStatus.Taken)
        {
            NotePart(index);
            HoldForm form = empty ? HoldForm.Empty : HoldForm.Part;
            token = ticket.Activate(this, index, new HoldExtent(form, request.Start, request.Length, slot));
            return EndsAsResized(ref token, request, index) ? TakeStatus.Released : TakeStatus.Taken;
        }

        TicketCache.Return(ticket);
        return status;
    }

    private void NotePart(int index)
    {
        if (IsGuarded)
        {
            OnTaken(index, isWhole: false);
        }
    }

    /// <summary>Ends a scoped hold on a part; false when it had ended before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryEndPart(RangeSlot slot, long token)
    {
        if (Tracker.HasOthers)
        {
            return TryEndPartSlow(slot, token);
        }

        bool released = slot.Table.TryRemove(slot, token);
        AfterRelease();
        return released;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryEndPartSlow(RangeSlot slot, long token)
    {
        // Afterwards the slot no longer tells where the hold was.
        bool alive = slot.TryGetRange(token, out long start, out long end);
        bool released = slot.Table.TryRemove(slot, token);
        if (alive)
        {
            AfterReleaseOf(start, end);
        }

        return released;
    }

    // For a hold that was taken without a look at the length: if a resize came before it, it is given back.
    private bool EndsAsResized(ref HoldToken token, in RangeRequest request, int index)
    {
        if (token.IsDefault || HasSize(request.Size))
        {
            return false;
        }

        if (index == ConflictTable.ExclusiveIndex && ReferenceEquals(token.Source, this))
        {
            Tracker.TryReleaseScopedExclusive(token.Value);
            AfterRelease();
        }
        else
        {
            token.EndOnce();
        }

        token = default;
        return true;
    }
}
