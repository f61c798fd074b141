namespace FastBuffers.Interleaving.Scenarios.Rentals;

/// <summary>
/// A block of a pool: what <c>Region.Rental.cs</c> of src/Core does at the end of a rental, in its order of steps, with a
/// <see cref="ProbeCache"/> for the thread's cache and one slot for the bin.
/// </summary>
internal sealed class ProbeBlock(RentalScenario scenario) : HoldDomain(traced: false, eventful: false, place: 0)
{
    /// <summary>What the block's bytes are: who begins a rental changes them.</summary>
    public int Bytes;

    private bool _isExposed;

    /// <summary>A ghost: how often the domain was closed.</summary>
    public int Closed { get; private set; }

    /// <summary>The block that a rental ticket stays with: as <c>Region.OfRental</c>.</summary>
    public static ProbeBlock Of(Ticket ticket) => (ProbeBlock)ticket.Domain!;

    /// <summary>As <c>Region.EndTicket</c>.</summary>
    public static bool End(Ticket ticket, long token) =>
        (ProbeCache.OfThread is { } cache && cache.TryEndOwned(ticket, token)) || EndUnowned(ticket, token);

    /// <summary>As <c>Region.Expose</c>: true if the hold was alive, so that its holder has the block for ever.</summary>
    public bool Expose(HoldToken token)
    {
        RentalTicket.Disown();
        Racy.Write(ref _isExposed, true);
        Tracker.MarkEventful();
        return !token.IsReleased;
    }

    internal override string Describe() => "the block";

    /// <summary>As <c>Region.ReturnBlock</c>, and <c>RegionPool.Return</c> behind it.</summary>
    internal override void OnRentalEnded() => Return(RentalTicket);

    /// <summary>As <c>Region.EndRental</c>.</summary>
    internal override void OnClosed()
    {
        Closed++;
        ProbeBlock next = this;
        if (Racy.Read(ref _isExposed))
        {
            next = scenario.MakeBlock();
        }
        else
        {
            RenewRental(eventful: false);
        }

        next.Return(next.RentalTicket);
    }

    /// <summary>As <c>Region.ReturnBlock</c>.</summary>
    internal void Return(Ticket ticket)
    {
        if (ProbeCache.OfThread is not { } cache || !cache.TryPut(ticket))
        {
            scenario.PutInBin(ticket);
        }
    }

    // As Region.EndUnowned. HoldToken.TryRelease also counts double releases; that counter is left out here.
    private static bool EndUnowned(Ticket ticket, long token)
    {
        if (!ticket.IsRental)
        {
            return ticket.TryRelease(token);
        }

        ProbeBlock block = Of(ticket);
        ProbeCache? cache = ProbeCache.OfThread;
        if (!ticket.TryEndRental(token))
        {
            return ticket.TryRelease(token);
        }

        if (!block.Tracker.IsPlainRental || cache is null || !cache.Keeps || !cache.TryPut(ticket))
        {
            block.EndTicketed(ConflictTable.ExclusiveIndex, IdentityPlace.Rental);
        }

        return true;
    }
}
