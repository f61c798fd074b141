namespace FastBuffers.Locking;

/// <summary>What became of an attempt to take or convert a hold.</summary>
internal enum TakeStatus
{
    /// <summary>Done.</summary>
    Taken,

    /// <summary>The word cannot embed a further identity; take the hold with a ticket.</summary>
    NeedsTicket,

    /// <summary>The word changed meanwhile; try again.</summary>
    Raced,

    /// <summary>A conflicting hold is there.</summary>
    Conflict,

    /// <summary>A waiter has been passed over for too long, and what was asked for is reserved for it.</summary>
    Reserved,

    /// <summary>The domain refuses new holds.</summary>
    Retired,

    /// <summary>The kind is not supported here.</summary>
    Unsupported,

    /// <summary>The limit on the number of holds is reached.</summary>
    Full,

    /// <summary>The token to convert or share is not alive; or, for a take of a part, the domain was resized.</summary>
    Released,
}
