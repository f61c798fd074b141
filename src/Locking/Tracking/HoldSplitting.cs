namespace FastBuffers.Locking;

/// <summary>Splitting Exclusive holds into adjacent parts, and joining them.</summary>
internal static class HoldSplitting
{
    internal static (HoldToken Left, HoldToken Right) Split(HoldToken token, long at)
    {
        HoldDomain domain = RequireAlive(token, out HoldExtent extent);
        long length = LengthOf(domain, extent);
        if (at < 0 || at > length)
        {
            throw HoldErrors.SplitOutside(at, length);
        }

        RequireExclusive(token, nameof(Split));

        // The tickets come first: once the hold is split, nothing may fail.
        Ticket leftTicket = TicketCache.Rent();
        Ticket rightTicket = TicketCache.Rent();
        Ticket ticket = token.Ticket!;
        Begin(token, ticket, domain, nameof(Split));
        HoldExtent left, right;
        try
        {
            (left, right) = at == 0 || at == length ? SplitOff(domain, extent, at) : SplitInside(domain, extent, at, length);
        }
        catch
        {
            ticket.EndChange();
            TicketCache.Return(leftTicket);
            TicketCache.Return(rightTicket);
            throw;
        }

        HoldToken leftToken = leftTicket.Activate(domain, ConflictTable.ExclusiveIndex, left);
        HoldToken rightToken = rightTicket.Activate(domain, ConflictTable.ExclusiveIndex, right);
        if (ticket.TryMove(token.Value))
        {
            return (leftToken, rightToken);
        }

        leftToken.EndOnce();
        rightToken.EndOnce();
        throw HoldErrors.Released(token.Kind);
    }

    internal static bool TryJoin(HoldToken left, HoldToken right, out HoldToken joined)
    {
        joined = default;
        HoldDomain domain = RequireAlive(left, out HoldExtent first);
        HoldDomain other = RequireAlive(right, out HoldExtent second);
        RequireExclusive(left, nameof(TryJoin));
        RequireExclusive(right, nameof(TryJoin));
        if (!ReferenceEquals(other, domain)
            || first.Start + LengthOf(domain, first) != second.Start
            || left == right
            || !TryBeginBoth(left, right, domain))
        {
            return false;
        }

        Ticket ticket;
        HoldExtent extent;
        try
        {
            ticket = TicketCache.Rent();
            extent = Join(domain, first, second);
        }
        catch
        {
            left.Ticket!.EndChange();
            right.Ticket!.EndChange();
            throw;
        }

        joined = ticket.Activate(domain, ConflictTable.ExclusiveIndex, extent);
        bool moved = left.Ticket!.TryMove(left.Value);
        if (right.Ticket!.TryMove(right.Value) && moved)
        {
            return true;
        }

        joined.EndOnce();
        joined = default;
        throw HoldErrors.Released(HoldKind.Exclusive);
    }

    // One part has no bytes: it is counted beside the word, and the other one stays what it was.
    private static (HoldExtent Left, HoldExtent Right) SplitOff(HoldDomain domain, in HoldExtent extent, long at)
    {
        TakeStatus status = domain.Tracker.ShareEmpty();
        if (status != TakeStatus.Taken)
        {
            throw HoldErrors.For(status, domain, HoldKind.Exclusive, domain.Tracker.Word);
        }

        // Of a domain without bytes, each part is the whole.
        HoldExtent empty = extent.Form == HoldForm.Empty ? extent : new(HoldForm.Empty, extent.Start + at, 0);
        return at == 0 ? (empty, extent) : (extent, empty);
    }

    private static (HoldExtent Left, HoldExtent Right) SplitInside(HoldDomain domain, in HoldExtent extent, long at, long length)
    {
        RangeTable ranges = domain.Tracker.RangesOf(domain);
        long middle = extent.Start + at;
        TakeStatus status = extent.Slot is { } slot
            ? domain.Tracker.SplitPart(ranges, slot, middle, out RangeSlot? left, out RangeSlot? right)
            : domain.Tracker.SplitWhole(ranges, middle, length, out left, out right);
        return status == TakeStatus.Taken
            ? (new(HoldForm.Part, extent.Start, at, left), new(HoldForm.Part, middle, length - at, right))
            : throw HoldErrors.For(status, domain, HoldKind.Exclusive, domain.Tracker.Word);
    }

    private static HoldExtent Join(HoldDomain domain, in HoldExtent first, in HoldExtent second)
    {
        if (first.Form == HoldForm.Empty || second.Form == HoldForm.Empty)
        {
            domain.EndEmpty();
            return first.Form == HoldForm.Empty ? second : first;
        }

        long length = first.Length + second.Length;
        bool whole = length == domain.ByteLength;
        domain.Tracker.Join(first.Slot!, second.Slot!, whole);
        return whole ? HoldExtent.Whole : first with { Length = length };
    }

    private static HoldDomain RequireAlive(HoldToken token, out HoldExtent extent) =>
        token.Locate(out extent) ?? throw HoldErrors.Released(token.Kind);

    private static void RequireExclusive(HoldToken token, string operation)
    {
        if (token.Kind != HoldKind.Exclusive)
        {
            throw HoldErrors.NotExclusive(operation, token.Kind);
        }
    }

    private static long LengthOf(HoldDomain domain, in HoldExtent extent) => extent.IsWhole ? domain.ByteLength : extent.Length;

    private static void Begin(HoldToken token, Ticket ticket, HoldDomain domain, string change)
    {
        TakeStatus status = ticket.TryBeginChange(token.Value);
        if (status != TakeStatus.Taken)
        {
            throw HoldErrors.NotConsumed(status, token.Kind, change, domain);
        }
    }

    // False when a scope or pin of one is open.
    private static bool TryBeginBoth(HoldToken left, HoldToken right, HoldDomain domain)
    {
        if (!TryBegin(left, domain))
        {
            return false;
        }

        bool begun = false;
        try
        {
            begun = TryBegin(right, domain);
            return begun;
        }
        finally
        {
            if (!begun)
            {
                left.Ticket!.EndChange();
            }
        }
    }

    private static bool TryBegin(HoldToken token, HoldDomain domain)
    {
        TakeStatus status = token.Ticket!.TryBeginChange(token.Value);
        return status switch
        {
            TakeStatus.Taken => true,
            TakeStatus.Conflict => false,
            _ => throw HoldErrors.NotConsumed(status, token.Kind, nameof(TryJoin), domain),
        };
    }
}
