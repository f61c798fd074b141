namespace FastBuffers.Locking;

/// <summary>
/// Tickets for reuse: a stack per thread, and a shared depot of full chains, so that tickets taken on one thread and released on
/// another travel back without allocation.
/// </summary>
/// <remarks>
/// The depot's slots change hands by one CAS (null to chain) or one exchange (chain to null), so that nobody ever reads a chain
/// it does not own, and there is no ABA.
/// </remarks>
internal static class TicketCache
{
    private const int ChainLength = 32;
    private const int DepotSlots = 64;

    private static readonly Ticket?[] s_depot = new Ticket?[DepotSlots];

    [ThreadStatic]
    private static Ticket? t_head;

    [ThreadStatic]
    private static int t_count;

    // A full chain that waits for the next one, so that a thread that hovers at the border does not go to the depot each time.
    [ThreadStatic]
    private static Ticket? t_spare;

    /// <summary>An inactive ticket.</summary>
    internal static Ticket Rent()
    {
        Ticket? ticket = t_head;
        if (ticket is null)
        {
            return Refill();
        }

        t_head = ticket.Next;
        t_count--;
        ticket.Next = null;
        return ticket;
    }

    /// <summary>Takes back an inactive ticket.</summary>
    internal static void Return(Ticket ticket)
    {
        if (t_count == ChainLength)
        {
            Spill();
        }

        ticket.Next = t_head;
        t_head = ticket;
        t_count++;
    }

    private static Ticket Refill()
    {
        Ticket? chain = t_spare;
        t_spare = null;
        for (int slot = 0; chain is null && slot < DepotSlots; slot++)
        {
            if (Volatile.Read(ref s_depot[slot]) is not null)
            {
                chain = Interlocked.Exchange(ref s_depot[slot], null);
            }
        }

        if (chain is null)
        {
            return new Ticket();
        }

        t_head = chain;
        t_count = ChainLength;
        return Rent();
    }

    private static void Spill()
    {
        Ticket? surplus = t_spare;
        t_spare = t_head;
        t_head = null;
        t_count = 0;
        for (int slot = 0; surplus is not null && slot < DepotSlots; slot++)
        {
            if (Volatile.Read(ref s_depot[slot]) is null && Interlocked.CompareExchange(ref s_depot[slot], surplus, null) is null)
            {
                surplus = null;
            }
        }

        // A full depot leaves the surplus to the garbage collector.
    }
}
