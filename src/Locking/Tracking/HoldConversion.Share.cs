namespace FastBuffers.Locking;

// Making a further hold under one: shares, and the uses behind scopes and pins.
internal static partial class HoldConversion
{
    /// <summary>Makes a further hold on the same bytes.</summary>
    internal static HoldToken Share(HoldToken token, HoldKind kind)
    {
        kind = CheckShare(token, kind);
        RequireShared(token);
        return TryShare(token, kind, out HoldToken share) ? share : throw HoldErrors.Released(token.Kind);
    }

    /// <summary>The same for one who knows that the hold covers the kind, and not whether it has ended: then the answer is false.</summary>
    internal static bool TryShare(HoldToken token, HoldKind kind, out HoldToken share)
    {
        share = token.Locate(out HoldExtent extent) is not { } domain ? default
            : extent.Form == HoldForm.Part ? SharePart(token, domain, kind, new(extent.Start, extent.Start + extent.Length, domain.Size))
            : ShareWhole(token, domain, kind);
        return !share.IsDefault;
    }

    /// <summary>Makes a further hold on some of the bytes.</summary>
    /// <param name="token">The covering hold.</param>
    /// <param name="start">The first byte, counted from the covering hold's.</param>
    /// <param name="length">The number of bytes.</param>
    /// <param name="kind">The kind; None for the covering hold's.</param>
    internal static HoldToken Share(HoldToken token, long start, long length, HoldKind kind)
    {
        kind = CheckShare(token, kind);
        HoldDomain domain = token.Locate(out HoldExtent extent) ?? throw HoldErrors.Released(token.Kind);
        long held = extent.IsWhole ? domain.ByteLength : extent.Length;
        HoldErrors.CheckRange(start, length, held);
        RequireShared(token);
        start += extent.Start;
        HoldToken share = length == held ? Share(token, kind)
            : length == 0 ? ShareEmpty(token, domain, kind, start)
            : SharePart(token, domain, kind, new(start, start + length, domain.Size));
        return share.IsDefault ? throw HoldErrors.Released(token.Kind) : share;
    }

    /// <summary>
    /// A token that keeps the bytes held while something works on them (a scope, a pin), whatever becomes of the given one: a share,
    /// or of an Exclusive hold a use.
    /// </summary>
    internal static HoldToken Keep(HoldToken token)
    {
        if (token.Kind != HoldKind.Exclusive)
        {
            return Share(token, token.Kind);
        }

        Ticket parent = token.Ticket!;
        HoldDomain domain = token.Domain ?? throw HoldErrors.Released(token.Kind);
        Ticket use = TicketCache.Rent();
        if (parent.TryUse(token.Value))
        {
            return use.ActivateUse(parent, domain);
        }

        TicketCache.Return(use);
        throw HoldErrors.Released(token.Kind);
    }

    private static HoldKind CheckShare(HoldToken token, HoldKind kind)
    {
        kind = kind == HoldKind.None ? token.Kind : kind;
        if (!token.IsDefault)
        {
            HoldErrors.ThrowIfNotKind(kind);
            if (!ConflictTable.Covers(token.Kind, kind))
            {
                throw HoldErrors.NotADowngrade(token.Kind, kind);
            }
        }

        return kind;
    }

    private static void RequireShared(HoldToken token)
    {
        if (token.Kind == HoldKind.Exclusive && !token.IsReleased)
        {
            throw HoldErrors.ExclusiveNotShared();
        }
    }

    private static HoldToken ShareWhole(HoldToken token, HoldDomain domain, HoldKind kind)
    {
        Ticket share = TicketCache.Rent();
        if (token.Ticket is not { } parent)
        {
            TakeStatus shared = domain.Tracker.ShareEmbedded(token.Value, ConflictTable.Index(kind));
            return Activated(shared, share, domain, kind, HoldExtent.Whole);
        }

        HoldExtent extent = HoldExtent.Whole;
        TakeStatus status = TakeStatus.Released;
        if (parent.TryUse(token.Value))
        {
            extent = parent.Extent;
            status = parent.IsEmpty ? domain.Tracker.ShareEmpty() : domain.Tracker.Share(token, ConflictTable.Index(kind));
            parent.EndUse();
        }

        return Activated(status, share, domain, kind, extent);
    }

    private static HoldToken ShareEmpty(HoldToken token, HoldDomain domain, HoldKind kind, long start)
    {
        Ticket share = TicketCache.Rent();
        TakeStatus status = domain.Tracker.ShareEmpty();
        HoldToken shared = Activated(status, share, domain, kind, new(HoldForm.Empty, start, 0));

        // Counting first refuses nobody anything but a resize, which the covering hold refuses too while it lasts.
        if (!token.IsReleased)
        {
            return shared;
        }

        shared.EndOnce();
        return default;
    }

    private static HoldToken SharePart(HoldToken token, HoldDomain domain, HoldKind kind, in RangeRequest request)
    {
        Ticket share = TicketCache.Rent();
        RangeTable ranges = domain.Tracker.RangesOf(domain);
        RangeSlot? slot = null;
        TakeStatus status = TakeStatus.Released;
        if (token.Ticket is not { } parent)
        {
            status = domain.Tracker.SharePart(ranges, token, ConflictTable.Index(kind), request, out slot);
        }
        else if (parent.TryUse(token.Value))
        {
            try
            {
                status = domain.Tracker.SharePart(ranges, token, ConflictTable.Index(kind), request, out slot);
            }
            finally
            {
                parent.EndUse();
            }
        }

        return Activated(status, share, domain, kind, new(HoldForm.Part, request.Start, request.Length, slot));
    }
}
