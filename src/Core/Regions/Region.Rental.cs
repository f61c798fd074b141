using System.Runtime.CompilerServices;

namespace FastBuffers;

// Regions that are blocks of a pool. The object is used for one rental after the other as long as no caller has seen it: what carries a
// generation, as leases do, is told apart by that.
public sealed unsafe partial class Region
{
    internal Region(Slab slab, byte* address)
        : base(slab.Source.Pool.IsTraced, slab.Source.Pool.ClearsOnReturn, slab.Source.Shelf)
    {
        _declared = ConflictTable.AllKinds;
        _address = address;
        _companion = slab;
        IsGuarded = slab is HardenedSlab;

        // Lost rentals are found through their tickets.
        GC.SuppressFinalize(this);
    }

    /// <summary>The slab that the block is in.</summary>
    internal Slab Slab => Unsafe.As<Slab>(_companion!);

    /// <summary>The first byte of the block.</summary>
    internal byte* RentalAddress => _address;

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
            RentalTicket.Disown();
            _isExposed = true;
            Tracker.MarkEventful();
            if (token.IsReleased)
            {
                throw HoldErrors.Released(token.Kind);
            }
        }

        return this;
    }

    /// <summary>Ends the hold of a rental ticket: at best by the thread that began the rental.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void EndRental(Ticket ticket, long token)
    {
        // Of a ticket from elsewhere, what its thread is writing is not read, which would slow both.
        nuint here = CallerStack.Here;
        if (!CallerStack.IsIn(here, ticket.Home)
            || Unsafe.As<ThreadCache?>(ticket.Owner) is not { } cache
            || !cache.IsAt(here))
        {
            EndAnywhere(ticket, token);
        }
        else if (!cache.TryEndHot(ticket, token))
        {
            EndDeep(cache, ticket, token);
        }
    }

    /// <summary>Begins a rental: see <see cref="HoldDomain.BeginRental"/>.</summary>
    /// <param name="ticket">The rental ticket.</param>
    /// <param name="length">The number of bytes, more than 0.</param>
    /// <param name="since">The pool's age, in seconds.</param>
    /// <param name="owner">The calling thread.</param>
    internal HoldToken BeginRental(Ticket ticket, int length, int since, ThreadCache owner)
    {
        if (_since != since)
        {
            _since = since;
        }

        return BeginRental(ticket, length, owner);
    }

    /// <summary>The array behind a rental, for a caller who has a live hold on it; null when there is none.</summary>
    /// <exception cref="ObjectDisposedException">The hold has ended.</exception>
    internal byte[]? LetArrayOut(HoldToken token)
    {
        if (!Tracker.IsRental || Slab is not ArraySlab slab)
        {
            return null;
        }

        slab.Escape(this, token);
        slab.Pool.OnArrayEscape();
        return slab.Array;
    }

    /// <summary>Makes the end of the rental clear the bytes.</summary>
    internal void ClearAtEnd()
    {
        if (!Tracker.IsRental)
        {
            // A rental of nothing has no block, and nothing to clear.
            return;
        }

        RentalTicket.Disown();
        _clears = true;
        Tracker.MarkEventful();
    }

    // In place if the block is long enough; else another block is rented, and the two exchange their memory.
    private HoldToken ResizeRental(int newLength, HoldToken holder)
    {
        BeginResize(holder, newLength);
        int oldLength = Length;
        bool resized = false;
        Lease other = default;
        try
        {
            if (holder.Ticket is { HasOtherUses: true })
            {
                // Before another block is rented for it, and all that is cached perhaps given back.
                throw HoldErrors.NotConsumed(TakeStatus.Conflict, holder.Kind, $"Resize to {newLength}", this);
            }

            other = Slab.HasRoomFor(newLength) ? default : Slab.Source.Pool.Rent(newLength);
            HoldToken renewed = Renew(holder, newLength);
            if (other != default)
            {
                NativeBytes.CopyTo(other.Span);
                Exchange(other.RequireAlive(), oldLength);
            }
            else if (_clears || Slab.Source.Pool.ClearsOnReturn)
            {
                // The end of the rental clears no more than the length.
                NativeBytes[Math.Min(oldLength, newLength)..].Clear();
            }

            if (other == default && newLength < oldLength && Slab.Shorten(newLength) is not 0 and var moved)
            {
                _address = (byte*)moved;
            }

            new Span<byte>(_address, newLength)[Math.Min(oldLength, newLength)..].Clear();
            resized = true;
            return renewed;
        }
        finally
        {
            other.Dispose();
            EndResize(holder, resized ? newLength : oldLength, resized);
        }
    }

    // The other one gets this one's bytes, which it gives back.
    private void Exchange(Region other, int length)
    {
        byte* address = _address;
        _address = other._address;
        other._address = address;
        (_companion, other._companion) = (other._companion, _companion);
        (RentalTicket.Place, other.RentalTicket.Place) = (Slab.Source.Shelf, other.Slab.Source.Shelf);
        (IsGuarded, other.IsGuarded) = (other.IsGuarded, IsGuarded);
        other.SetRentalLength(length);
        if (_clears)
        {
            other.ClearAtEnd();
        }
    }

    internal override void OnTaken(int index, bool isWhole) => (Slab as HardenedSlab)?.OnTaken(index, isWhole);

    internal override void OnRentalEnded() => ReturnBlock(RentalTicket);

    /// <summary>Takes the block of a rental back that has ended.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void ReturnBlock(Ticket ticket)
    {
        BlockSource source = OfRental(ticket).Slab.Source;
        if (!source.TryPutHot(ticket))
        {
            source.Pool.Return(ticket, source);
        }
    }

    internal override void OnDoubleRelease()
    {
        if (Tracker.IsRental)
        {
            Slab.Source.Pool.OnDoubleReturn();
        }
    }

    // A lost rental is reported at once, with the first of its holds that is found, and not when it is over.
    internal override void OnHoldLost(HoldKind kind, HoldTrace? trace)
    {
        if (Tracker.IsRental && !IsLost)
        {
            IsLost = true;

            // Its end forgets that it was lost.
            RentalTicket.Disown();
            Tracker.MarkEventful();
            RegionPool pool = Slab.Source.Pool;
            TimeSpan age = pool.AgeOf(_since);
            pool.OnLeak(ByteLength, age, trace?.Birth);
            HoldDiagnostics.ReportLostRental(this, kind, age, trace);
        }
    }

    internal override void OnLostHoldEnds(HoldKind kind, HoldTrace? trace)
    {
        if (!Tracker.IsRental)
        {
            base.OnLostHoldEnds(kind, trace);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EndDeep(ThreadCache cache, Ticket ticket, long token)
    {
        bool isKept = ticket.Place < SizeClasses.ThreadCount;
        if (!(isKept ? cache.TryEndKept(ticket, token) : cache.TryEnd(ticket, token)))
        {
            EndUnowned(cache, ticket, token);
        }
        else if (!isKept)
        {
            ReturnBlock(ticket);
        }
    }

    // Where the thread is not known by its stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EndAnywhere(Ticket ticket, long token)
    {
        ThreadCache? cache = RegionPool.LastCache;
        if (cache is not null && ticket.IsOwnedBy(cache))
        {
            EndDeep(cache, ticket, token);
        }
        else
        {
            EndUnowned(cache, ticket, token);
        }
    }

    // Of a rental that a thread may own which is not this one, the right to end it by plain stores is taken away first.
    private static void EndUnowned(ThreadCache? cache, Ticket ticket, long token)
    {
        // Read before the locked instruction, because what is read afterwards has to wait for it.
        Region region = OfRental(ticket);
        bool isKept = ticket.Place < SizeClasses.ThreadCount && cache is not null && ReferenceEquals(cache.Pool, region.Slab.Pool);
        if (!ticket.TryEndRental(token))
        {
            new HoldToken(ticket, token).TryRelease();
        }
        else if (!isKept || !region.Tracker.IsPlainRental || !cache!.TryPut(ticket))
        {
            region.EndTicketed(ConflictTable.ExclusiveIndex, IdentityPlace.Rental);
        }
    }

    // The last hold of an eventful rental has ended. A region that somebody may still have stays closed, and the block gets a new one.
    private void EndRental()
    {
        Slab slab = Slab;
        RegionPool pool = slab.Source.Pool;
        if (_clears || pool.ClearsOnReturn)
        {
            (slab as HardenedSlab)?.MakeWritable();
            NativeBytes.Clear();
        }

        Region next = this;
        if (_isExposed)
        {
            next = new Region(slab, _address);
        }
        else
        {
            _clears = IsLost = false;
            RenewRental(pool.ClearsOnReturn);
        }

        pool.Return(next.RentalTicket, slab.Source);
    }
}
