namespace FastBuffers.Interleaving.Scenarios.Rentals;

/// <summary>What the rental is that is there at the start, and who may end it by plain stores.</summary>
internal enum RentalStart
{
    /// <summary>The first thread, which began it.</summary>
    Owned,

    /// <summary>Nobody any more: the owner's number was taken away for another ticket's sake, but the ticket still carries it.</summary>
    Disowned,

    /// <summary>Nobody, and no rental to come: everything is done by compare-and-swap.</summary>
    Unowned,

    /// <summary>Nobody: it was downgraded to Immutable, and the copies are of that hold.</summary>
    Downgraded,

    /// <summary>Nobody: it was downgraded to Immutable, and each thread has a share of its own instead of a copy.</summary>
    Shared,
}
