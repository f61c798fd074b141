namespace FastBuffers.Locking;

// Domains that are rented out again and again, and given back by the end of their last hold: see HoldDomain.
internal partial struct Tracker
{
    /// <summary>Whether nothing happened to a rented domain that the end of the rental would have to undo.</summary>
    internal bool IsPlainRental => Volatile.Read(ref _others) == Rental;

    /// <summary>Whether the domain is one to be rented out.</summary>
    internal bool IsRental => (Volatile.Read(ref _others) & Rental) != 0;

    /// <summary>The state of a domain that waits for its first rental: held Exclusive, by nobody yet.</summary>
    internal static Tracker ForRental(bool eventful)
    {
        var tracker = new Tracker { _others = Rental };
        tracker.Renew(eventful);
        return tracker;
    }

    /// <summary>
    /// Makes the end of the rental close the domain. A full fence: a caller that finds its hold alive afterwards did this before the end
    /// of the hold, which looks for it after having ended. True for the first caller.
    /// </summary>
    internal bool MarkEventful() => (Interlocked.Or(ref _others, Eventful) & Eventful) == 0;

    /// <summary>Makes a closed domain wait for its next rental. For the thread that closed it.</summary>
    /// <param name="eventful">Whether its end shall close the domain in any case.</param>
    internal void Renew(bool eventful)
    {
        Interlocked.And(ref _others, ~(Eventful | Retiring));
        if (eventful)
        {
            MarkEventful();
        }

        // No hold of a rental has its identity in the word, so that its version may start again.
        Volatile.Write(ref _word, HoldWord.Initial(isChecked: false) | HoldWord.Exclusive);
    }
}
