namespace FastBuffers.Locking;

/// <summary>A stack of inactive tickets that one thread owns at a time.</summary>
internal sealed class TicketMagazine
{
    private const int Capacity = 32;

    private readonly Ticket?[] _tickets = new Ticket?[Capacity];
    private int _count;

    internal bool IsEmpty => _count == 0;

    internal bool IsFull => _count == Capacity;

    internal Ticket? TryPop()
    {
        int last = _count - 1;
        Ticket?[] tickets = _tickets;
        if ((uint)last >= (uint)tickets.Length)
        {
            return null;
        }

        // Cleared, because the magazine must not keep a ticket alive that is out: a lost one is found by its finalizer.
        Ticket? ticket = tickets[last];
        tickets[last] = null;
        _count = last;
        return ticket;
    }

    internal bool TryPush(Ticket ticket)
    {
        int count = _count;
        Ticket?[] tickets = _tickets;
        if ((uint)count >= (uint)tickets.Length)
        {
            return false;
        }

        tickets[count] = ticket;
        _count = count + 1;
        return true;
    }
}
