using System.Runtime.CompilerServices;

namespace FastBuffers;

// Regions that are blocks of a pool. The object is used for one rental after the other as long as no caller has seen it: what carries a
// generation, as leases do, is told apart by that.
public sealed unsafe partial class Region
{
    internal Region(Slab slab, byte* address)
        : base(slab.Bin.Pool.IsTraced, slab.Bin.Pool.ClearsOnReturn)
    {
        _declared = ConflictTable.AllKinds;
        _address = address;
        _companion = slab;

        // Lost rentals are found through their tickets.
        GC.SuppressFinalize(this);
    }

    /// <summary>The slab that the block is in.</summary>
    internal Slab Slab => Unsafe.As<Slab>(_companion!);

    /// <summary>The block that a rental ticket stays with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Region OfRental(Ticket ticket) => Unsafe.As<Region>(ticket.Domain!);

    /// <summary>The region for a caller who has a live hold on it: from here on it is not used for another rental.</summary>
    /// <exception cref="ObjectDisposedException">The hold has ended.</exception>
    internal Region Expose(HoldToken token)
    {
        if (Tracker.IsRental)
        {
            // In this order, and a full fence before the last: see MarkEventful.
            _isExposed = true;
            Tracker.MarkEventful();
            if (token.IsReleased)
            {
                throw HoldErrors.Released(token.Kind);
            }
        }

        return this;
    }

    /// <summary>Ends a hold that has a ticket: at best the plain rental of a block, which goes back to where it is from.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void EndTicket(Ticket ticket, long token)
    {
        if (!ticket.IsRental)
        {
            EndSlow(ticket, token);
            return;
        }

        // Read before the locked instruction, because what is read afterwards has to wait for it.
        Region region = OfRental(ticket);
        BlockBin bin = region.Slab.Bin;
        uint index = (uint)bin.Index;
        ThreadCache? cache = RegionPool.CacheOf(bin.Pool);
        if (!ticket.TryEndRental(token))
        {
            EndSlow(ticket, token);
        }
        else if (!region.Tracker.IsPlainRental)
        {
            region.EndTicketed(ConflictTable.ExclusiveIndex, IdentityPlace.Rental);
        }
        else if (cache is null || index >= SizeClasses.ThreadCount || !cache.TryPut(index, ticket))
        {
            bin.Pool.ReturnSlow(ticket, bin);
        }
    }

    internal override void OnRentalEnded()
    {
        BlockBin bin = Slab.Bin;
        bin.Pool.ReturnSlow(RentalTicket, bin);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EndSlow(Ticket ticket, long token) => new HoldToken(ticket, token).TryRelease();

    // The last hold of an eventful rental has ended. A region that somebody may still have stays closed, and the block gets a new one.
    private void EndRental()
    {
        Slab slab = Slab;
        BlockBin bin = slab.Bin;
        if (_clears || bin.Pool.ClearsOnReturn)
        {
            NativeBytes.Clear();
        }

        Region next = this;
        if (_isExposed)
        {
            next = new Region(slab, _address);
        }
        else
        {
            _clears = false;
            RenewRental(bin.Pool.ClearsOnReturn);
        }

        bin.Pool.ReturnSlow(next.RentalTicket, bin);
    }
}
