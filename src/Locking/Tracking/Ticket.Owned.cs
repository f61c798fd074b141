using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

// Rentals that the thread which began them may end by plain stores: see TicketOwner. All other ways into a ticket's state take that right
// away first.
internal sealed partial class Ticket
{
    private TicketOwner? _owner;
    private nuint _home;

    // The number of the owner's at the time of the rental; 0 when nobody has the right.
    private long _ownership;

    /// <summary>Where whoever rents the domain out keeps it.</summary>
    internal int Place { get; set; }

    /// <summary>The home of the owner, which may be another's by now.</summary>
    internal nuint Home => Volatile.Read(ref _home);

    /// <summary>The thread that may own the rental.</summary>
    internal TicketOwner? Owner => Volatile.Read(ref _owner);

    /// <summary>Tells who may own the rentals to come. For the only one who has the ticket, before <see cref="ActivateOwned"/>.</summary>
    internal void SetOwner(TicketOwner owner)
    {
        if (!ReferenceEquals(Volatile.Read(ref _owner), owner))
        {
            Volatile.Write(ref _home, owner.Home);
            Volatile.Write(ref _owner, owner);
        }
    }

    /// <summary>Begins a rental that its thread may end by <see cref="TryEndOwned"/>. For that thread, which alone has the ticket.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal HoldToken ActivateOwned(TicketOwner owner)
    {
        Volatile.Write(ref _ownership, owner.Number);
        return ActivateOwn(ConflictTable.ExclusiveIndex);
    }

    /// <summary>Whether the owner may end the rental as far as can be known outside: then it has to look again inside.</summary>
    internal bool IsOwnedBy(TicketOwner owner) => Volatile.Read(ref _ownership) == owner.Key;

    /// <summary>Whether somebody may have the right to end the rental by plain stores.</summary>
    internal bool IsOwned => Volatile.Read(ref _ownership) != 0;

    /// <summary>Ends the rental, for the owner, inside; not that of a ticket that is worn. False says nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryEndOwned(TicketOwner owner, long token)
    {
        if (Volatile.Read(ref _ownership) != owner.Key || token <= 0 || Volatile.Read(ref _state) != token)
        {
            return false;
        }

        Volatile.Write(ref _state, token | Released);
        return true;
    }

    /// <summary>Makes everybody use compare-and-swap, the owner too.</summary>
    internal void Disown()
    {
        long number;
        while ((number = Volatile.Read(ref _ownership)) != 0)
        {
            TicketOwner owner = Volatile.Read(ref _owner)!;
            if (!owner.IsCaller)
            {
                owner.Disown(number);
            }

            // Another rental, with another number, may have begun meanwhile.
            Interlocked.CompareExchange(ref _ownership, 0, number);
        }
    }

    // True if the state has to be read again, because until now the owner might have changed it by a plain store.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsDisownedNow()
    {
        if (Volatile.Read(ref _ownership) == 0)
        {
            return false;
        }

        Disown();
        return true;
    }
}
