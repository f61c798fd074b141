namespace FastBuffers.Locking;

/// <summary>
/// Tickets for reuse: a magazine per thread, and a shared depot of full and empty magazines, so that tickets taken on one thread and
/// released on another travel back without allocation (after Bonwick and Adams, "Magazines and Vmem", 2001).
/// </summary>
/// <remarks>
/// A magazine in a slot of the depot changes hands by one CAS (null to magazine) or one exchange (magazine to null), so that nobody
/// reads a magazine that is not its own, there is no ABA, and a halted thread blocks nobody. A depot without room leaves tickets to
/// the garbage collector.
/// </remarks>
internal static class TicketCache
{
    private const int DepotSlots = 32;

    private static readonly TicketMagazine?[] s_full = new TicketMagazine?[DepotSlots];
    private static readonly TicketMagazine?[] s_empty = new TicketMagazine?[DepotSlots];

    [ThreadStatic]
    private static TicketMagazine? t_loaded;

    // A second magazine, full or empty, so that a thread that hovers at a border does not go to the depot each time.
    [ThreadStatic]
    private static TicketMagazine? t_previous;

    /// <summary>An inactive ticket.</summary>
    internal static Ticket Rent() => t_loaded?.TryPop() ?? RentElsewhere();

    /// <summary>Takes back an inactive ticket.</summary>
    internal static void Return(Ticket ticket)
    {
        if (t_loaded?.TryPush(ticket) != true)
        {
            ReturnElsewhere(ticket);
        }
    }

    private static Ticket RentElsewhere()
    {
        TicketMagazine? full = t_previous is { IsEmpty: false } ? t_previous : TakeFrom(s_full);
        if (full is null)
        {
            return new Ticket();
        }

        if (!ReferenceEquals(full, t_previous) && t_previous is not null)
        {
            PutInto(s_empty, t_previous);
        }

        t_previous = t_loaded;
        t_loaded = full;
        return full.TryPop()!;
    }

    private static void ReturnElsewhere(Ticket ticket)
    {
        TicketMagazine empty;
        if (t_previous is { IsFull: false } previous)
        {
            empty = previous;
        }
        else
        {
            if (t_previous is not null)
            {
                PutInto(s_full, t_previous);
            }

            empty = TakeFrom(s_empty) ?? new TicketMagazine();
        }

        t_previous = t_loaded;
        t_loaded = empty;
        empty.TryPush(ticket);
    }

    private static TicketMagazine? TakeFrom(TicketMagazine?[] depot)
    {
        for (int slot = 0; slot < depot.Length; slot++)
        {
            if (Volatile.Read(ref depot[slot]) is not null && Interlocked.Exchange(ref depot[slot], null) is { } magazine)
            {
                return magazine;
            }
        }

        return null;
    }

    private static void PutInto(TicketMagazine?[] depot, TicketMagazine magazine)
    {
        for (int slot = 0; slot < depot.Length; slot++)
        {
            if (Volatile.Read(ref depot[slot]) is null && Interlocked.CompareExchange(ref depot[slot], magazine, null) is null)
            {
                return;
            }
        }
    }
}
