namespace FastBuffers.Locking;

// Domains that are rented out again and again. Such a domain is always held: Exclusive, by its rental ticket, whether that is active or
// waits for the next rental. So to begin a rental is to make the ticket active, and to end it is one compare-and-swap there. A rental in
// which more happened than that ends when its last hold has ended, by closing the domain; whoever closed it may renew it.
public abstract partial class HoldDomain
{
    private bool _isGuarded;

    /// <summary>A domain to be rented out, of which all kinds can be taken.</summary>
    /// <param name="traced">Whether holds are traced.</param>
    /// <param name="eventful">Whether the end of each rental shall close the domain.</param>
    /// <param name="place">What <see cref="Ticket.Place"/> is to be.</param>
    internal HoldDomain(bool traced, bool eventful, int place)
    {
        _supported = ConflictTable.AllKinds;
        Traces = traced ? new HoldTraces() : null;
        Tracker = Tracker.ForRental(eventful);
        _ownTicket = new Ticket(this, IdentityPlace.Rental) { Place = place };
    }

    /// <summary>The ticket of a domain that is rented out.</summary>
    internal Ticket RentalTicket => Volatile.Read(ref _ownTicket)!;

    /// <summary>Whether <see cref="OnTaken"/> is to be called. Set by one who has the domain alone.</summary>
    internal bool IsGuarded
    {
        get => Volatile.Read(ref _isGuarded);
        set => Volatile.Write(ref _isGuarded, value);
    }

    /// <summary>
    /// Called when a hold was taken or has become one of another kind, before anybody else has it: what is done here comes before all that
    /// its holder does, and after all that was done under holds that it conflicts with.
    /// </summary>
    /// <param name="index">The kind.</param>
    /// <param name="isWhole">Whether it is on the whole domain.</param>
    internal virtual void OnTaken(int index, bool isWhole)
    {
    }

    /// <summary>Begins a rental. For the only one who has the domain.</summary>
    /// <param name="ticket">The rental ticket.</param>
    /// <param name="length">The number of bytes, more than 0.</param>
    /// <param name="owner">The calling thread.</param>
    internal HoldToken BeginRental(Ticket ticket, int length, TicketOwner owner)
    {
        // Not written in vain: who ends the rental elsewhere reads beside it, and lines of memory that nobody has written cost nothing.
        if (Volatile.Read(ref _length) != length)
        {
            Volatile.Write(ref _length, length);
        }

        return ticket.ActivateOwned(owner);
    }

    /// <summary>Corrects the length of a rental that nobody but the caller has.</summary>
    internal void SetRentalLength(long length) => Volatile.Write(ref _length, length);

    /// <summary>Makes a closed domain ready for the next rental. For the thread that closed it.</summary>
    /// <param name="eventful">Whether its end shall close the domain in any case.</param>
    internal void RenewRental(bool eventful)
    {
        Tracker.Renew(eventful);
        Ticket ticket = RentalTicket;
        if (!ticket.CanBeRented)
        {
            Volatile.Write(ref _ownTicket, new Ticket(this, IdentityPlace.Rental) { Place = ticket.Place });
        }
    }
}
