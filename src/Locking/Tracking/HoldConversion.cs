namespace FastBuffers.Locking;

/// <summary>
/// Changing a hold: downgrades, upgrades, freezing, shares, and the uses behind scopes and pins. A converted hold has a ticket.
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

    internal static HoldToken Share(HoldToken token, HoldKind kind)
    {
        kind = kind == HoldKind.None ? token.Kind : kind;
        if (!token.IsDefault)
        {
            HoldErrors.ThrowIfNotKind(kind);
            if (kind != token.Kind && !ConflictTable.IsDowngrade(token.Kind, kind))
            {
                throw HoldErrors.NotADowngrade(token.Kind, kind);
            }
        }

        return TryShare(token, kind, out HoldToken share) ? share : throw HoldErrors.Released(token.Kind);
    }

    /// <summary>The same for one who knows that the hold covers the kind, and not whether it has ended: then the answer is false.</summary>
    internal static bool TryShare(HoldToken token, HoldKind kind, out HoldToken share)
    {
        share = default;
        if (token.Domain is not { } domain)
        {
            return false;
        }

        if (token.Kind == HoldKind.Exclusive)
        {
            throw HoldErrors.ExclusiveNotShared();
        }

        Ticket ticket = TicketCache.Rent();
        bool empty = false;
        TakeStatus status;
        if (token.Ticket is not { } parent)
        {
            status = domain.Tracker.ShareEmbedded(token.Value, ConflictTable.Index(kind));
        }
        else if (!parent.TryUse(token.Value))
        {
            status = TakeStatus.Released;
        }
        else
        {
            empty = parent.IsEmpty;
            status = empty ? domain.Tracker.ShareEmpty() : domain.Tracker.Share(ConflictTable.Index(kind));
            parent.EndUse();
        }

        if (status == TakeStatus.Released)
        {
            TicketCache.Return(ticket);
            return false;
        }

        share = Activated(status, ticket, domain, kind, empty);
        return true;
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

        if (!ticket.IsEmpty)
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
        return Activated(status, ticket, domain, kind, empty: false);
    }

    private static bool TryUpgrade(HoldToken token, Ticket ticket, HoldDomain domain, int to, out HoldToken upgraded)
    {
        TakeStatus status = ticket.TryBeginChange(token.Value);
        if (status != TakeStatus.Taken)
        {
            throw HoldErrors.NotConsumed(status, token.Kind, $"{token.Kind} to {ConflictTable.Kind(to)}", domain);
        }

        if (!ticket.IsEmpty)
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

        upgraded = Activated(status, ticket, domain, ConflictTable.Kind(to), empty: false);
        return true;
    }

    // Gives the new hold its identity, or the ticket back.
    private static HoldToken Activated(TakeStatus status, Ticket ticket, HoldDomain domain, HoldKind kind, bool empty)
    {
        if (status == TakeStatus.Taken)
        {
            int index = ConflictTable.Index(kind);
            return domain.IsTraced ? ticket.ActivateTraced(domain, index, empty) : ticket.Activate(domain, index, empty);
        }

        TicketCache.Return(ticket);
        throw status == TakeStatus.Released ? HoldErrors.Released(kind) : HoldErrors.For(status, domain, kind, domain.Tracker.Word);
    }
}
