namespace FastBuffers.Locking;

/// <summary>
/// Changing a hold: downgrades, upgrades, freezing, shares, and the uses behind scopes and pins. A converted hold has a ticket.
/// Splitting and joining are in <see cref="HoldSplitting"/>.
/// </summary>
internal static partial class HoldConversion
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
        return domain.Tracker.IsWaitedFor
            ? TryUpgradeBesideWaiters(token, domain, to, out upgraded)
            : TryUpgrade(token, domain, to, out upgraded);
    }

    private static bool TryUpgrade(HoldToken token, HoldDomain domain, int to, out HoldToken upgraded) => token.Ticket is { } ticket
        ? TryUpgrade(token, ticket, domain, to, out upgraded)
        : TryUpgradeEmbedded(token, domain, to, out upgraded);

    // A waiter that the hold is in the way of anyhow is not passed over by an upgrade of it.
    private static bool TryUpgradeBesideWaiters(HoldToken token, HoldDomain domain, int to, out HoldToken upgraded)
    {
        upgraded = default;
        if (token.Locate(out HoldExtent extent) is null)
        {
            throw HoldErrors.Released(token.Kind);
        }

        RangeRequest request = extent.IsWhole ? RangeRequest.Whole : new(extent.Start, extent.Start + extent.Length, domain.Size);
        if (WaitTable.MustYield(domain, token.Kind, to, request) || !TryUpgrade(token, domain, to, out upgraded))
        {
            return false;
        }

        // Write and Immutable make room for each other's like.
        domain.NotePassing(token.Kind, to, request);
        domain.AfterChange(HoldChange.Upgrade, extent);
        return true;
    }

    private static HoldToken Downgrade(HoldToken token, Ticket ticket, HoldKind kind, HoldChange change)
    {
        int from = ConflictTable.Index(token.Kind);
        int to = ConflictTable.Index(kind);
        HoldDomain? domain = ticket.Domain;
        HoldExtent extent = ticket.Extent;
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
            if (domain.IsGuarded)
            {
                domain.OnTaken(to, isWhole: true);
            }
        }
        else if (change == HoldChange.Freeze)
        {
            domain!.Tracker.FreezeEmpty();
        }

        ticket.EndUse();
        domain!.AfterChange(change, extent);
        return converted;
    }

    private static HoldToken DowngradeEmbedded(HoldToken token, HoldKind kind)
    {
        HoldDomain domain = token.Domain ?? throw HoldErrors.Released(token.Kind);
        Ticket ticket = TicketCache.Rent();
        TakeStatus status = domain.Tracker.TryConvertEmbedded(token.Value, ConflictTable.Index(kind), HoldChange.Downgrade);
        HoldToken converted = Activated(status, ticket, domain, kind, HoldExtent.Whole);
        domain.AfterChange(HoldChange.Downgrade, HoldExtent.Whole);
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
            if (domain.IsGuarded && !ticket.IsEmpty)
            {
                domain.OnTaken(to, ticket.Extent.Form == HoldForm.Whole);
            }

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
