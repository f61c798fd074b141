namespace FastBuffers.Locking;

/// <summary>
/// Changing a hold: downgrades, upgrades, freezing, shares, and the uses behind scopes and pins. A converted hold has a ticket.
/// Splitting and joining are in <see cref="HoldParts"/>.
/// </summary>
internal static class HoldConversion
{
    /// <summary>Downgrades, or freezes (from Exclusive to Immutable, and the domain with it).</summary>
    internal static HoldToken Downgrade(HoldToken token, HoldKind kind, HoldChange change = HoldChange.Downgrade)
    {
        HoldErrors.ThrowIfNotKind(kind);
        if (!ConflictTable.IsDowngrade(token.Kind, kind) && !token.IsDefault)
        {
            throw HoldErrors.NotADowngrade(token.Kind, kind);
        }

        return token.Ticket is { } ticket ? Downgrade(token, ticket, kind, change) : DowngradeEmbedded(token, kind);
    }

    /// <summary>Upgrades, or moves between Write and Immutable.</summary>
    internal static bool TryUpgrade(HoldToken token, HoldKind kind, out HoldToken upgraded)
    {
        upgraded = default;
        HoldErrors.ThrowIfNotKind(kind);
        if (!token.IsDefault && (token.Kind == kind || ConflictTable.IsDowngrade(token.Kind, kind)))
        {
            throw HoldErrors.NotAnUpgrade(token.Kind, kind);
        }

        HoldDomain domain = token.Domain ?? throw HoldErrors.Released(token.Kind);
        if (domain.Tracker.IsRetired)
        {
            throw HoldErrors.Retired(domain);
        }

        if ((domain.SupportedKinds & (HoldCapabilities)kind) == 0)
        {
            throw HoldErrors.Unsupported(domain, kind);
        }

        int to = ConflictTable.Index(kind);
        return token.Ticket is { } ticket
            ? TryUpgrade(token, ticket, domain, to, out upgraded)
            : TryUpgradeEmbedded(token, domain, to, out upgraded);
    }

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
            status = parent.IsEmpty ? domain.Tracker.ShareEmpty() : domain.Tracker.Share(ConflictTable.Index(kind));
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

    private static HoldToken Downgrade(HoldToken token, Ticket ticket, HoldKind kind, HoldChange change)
    {
        int from = ConflictTable.Index(token.Kind);
        int to = ConflictTable.Index(kind);
        HoldDomain? domain = ticket.Domain;
        TakeStatus status = ticket.TryConsume(token.Value, to, inUse: false, out HoldToken converted);
        if (status != TakeStatus.Taken)
        {
            throw HoldErrors.NotConsumed(status, token.Kind, $"{token.Kind} to {kind}", domain);
        }

        if (ticket.Extent.Form == HoldForm.Part)
        {
            Tracker.DowngradePart(ticket.Extent.Slot!, to);
        }
        else if (!ticket.IsEmpty)
        {
            domain!.Tracker.TryConvert(from, to, change);
        }
        else if (change == HoldChange.Freeze)
        {
            domain!.Tracker.FreezeEmpty();
        }

        ticket.EndUse();
        return converted;
    }

    private static HoldToken DowngradeEmbedded(HoldToken token, HoldKind kind)
    {
        HoldDomain domain = token.Domain ?? throw HoldErrors.Released(token.Kind);
        Ticket ticket = TicketCache.Rent();
        TakeStatus status = domain.Tracker.TryConvertEmbedded(token.Value, ConflictTable.Index(kind), HoldChange.Downgrade);
        HoldToken converted = Activated(status, ticket, domain, kind, HoldExtent.Whole);
        return converted.IsDefault ? throw HoldErrors.Released(token.Kind) : converted;
    }

    private static bool TryUpgrade(HoldToken token, Ticket ticket, HoldDomain domain, int to, out HoldToken upgraded)
    {
        TakeStatus status = ticket.TryBeginChange(token.Value);
        if (status != TakeStatus.Taken)
        {
            throw HoldErrors.NotConsumed(status, token.Kind, $"{token.Kind} to {ConflictTable.Kind(to)}", domain);
        }

        if (ticket.Extent.Form == HoldForm.Part)
        {
            status = domain.Tracker.TryUpgradePart(ticket.Extent.Slot!, to);
        }
        else if (!ticket.IsEmpty)
        {
            status = domain.Tracker.TryConvert(ConflictTable.Index(token.Kind), to, HoldChange.Upgrade);
        }

        if (status == TakeStatus.Taken)
        {
            return ticket.TryRenew(to, out upgraded) ? true : throw HoldErrors.Released(token.Kind);
        }

        upgraded = default;
        ticket.EndChange();
        return status == TakeStatus.Conflict ? false : throw HoldErrors.For(status, domain, ConflictTable.Kind(to), domain.Tracker.Word);
    }

    private static bool TryUpgradeEmbedded(HoldToken token, HoldDomain domain, int to, out HoldToken upgraded)
    {
        Ticket ticket = TicketCache.Rent();
        TakeStatus status = domain.Tracker.TryConvertEmbedded(token.Value, to, HoldChange.Upgrade);
        if (status == TakeStatus.Conflict)
        {
            TicketCache.Return(ticket);
            upgraded = default;
            return false;
        }

        upgraded = Activated(status, ticket, domain, ConflictTable.Kind(to), HoldExtent.Whole);
        return !upgraded.IsDefault ? true : throw HoldErrors.Released(token.Kind);
    }

    // Gives the new hold its identity, or the ticket back; default when the hold that it is made from has ended.
    private static HoldToken Activated(TakeStatus status, Ticket ticket, HoldDomain domain, HoldKind kind, in HoldExtent extent)
    {
        if (status == TakeStatus.Taken)
        {
            return ticket.Activate(domain, ConflictTable.Index(kind), extent);
        }

        TicketCache.Return(ticket);
        return status == TakeStatus.Released ? default : throw HoldErrors.For(status, domain, kind, domain.Tracker.Word);
    }
}
