namespace FastBuffers.Locking;

// Several holds at once, all or none.
public abstract partial class HoldDomain
{
    /// <summary>
    /// One attempt to take several holds, with no regard for waiters: in one step, so that nobody is ever refused because of a part of what is
    /// not granted in the end. Thread-safe.
    /// </summary>
    /// <param name="parts">What is wanted; no two of them conflict.</param>
    /// <param name="tokens">The holds, in the order of <paramref name="parts"/>, if they were taken.</param>
    /// <param name="refused">Which of them was refused, if they were not.</param>
    internal TakeStatus TakeSeveral(ReadOnlySpan<HoldRequestPart> parts, Span<HoldToken> tokens, out int refused)
    {
        for (refused = 0; refused < parts.Length; refused++)
        {
            if (!Supports(parts[refused].Index))
            {
                return Tracker.IsRetired ? TakeStatus.Retired : TakeStatus.Unsupported;
            }
        }

        // Rented first: once the holds are taken, nothing may fail.
        RangeTable ranges = Tracker.RangesOf(this);
        var extents = new HoldExtent[parts.Length];
        var tickets = new Ticket[parts.Length];
        foreach (ref Ticket ticket in tickets.AsSpan())
        {
            ticket = TicketCache.Rent();
        }

        TakeStatus status = Tracker.TryTakeSeveral(ranges, parts, extents, out refused, out bool undone);
        for (int i = 0; i < parts.Length; i++)
        {
            if (status == TakeStatus.Taken)
            {
                tokens[i] = tickets[i].Activate(this, parts[i].Index, extents[i]);
            }
            else
            {
                TicketCache.Return(tickets[i]);
            }
        }

        if (status == TakeStatus.Taken)
        {
            NoteSeveral(parts, extents, tokens);
        }
        else if (undone)
        {
            AfterRelease();
        }

        return status;
    }

    private void NoteSeveral(ReadOnlySpan<HoldRequestPart> parts, ReadOnlySpan<HoldExtent> extents, Span<HoldToken> tokens)
    {
        bool noted = !IsGuarded;
        try
        {
            for (int i = 0; i < parts.Length && !noted; i++)
            {
                OnTaken(parts[i].Index, extents[i].IsWhole);
            }

            noted = true;
        }
        finally
        {
            for (int i = 0; i < tokens.Length && !noted; i++)
            {
                tokens[i].EndOnce();
            }
        }
    }
}
