namespace FastBuffers.Locking;

/// <summary>Where the identity of a whole-domain hold is.</summary>
internal enum IdentityPlace
{
    /// <summary>In the word: its version. One shared hold at a time, and the scoped Exclusive one.</summary>
    Word,

    /// <summary>In the domain's own ticket, which a flag in the word gives away. One shared hold at a time.</summary>
    OwnTicket,

    /// <summary>In a ticket from the <see cref="TicketCache"/>.</summary>
    Ticket,

    /// <summary>In the ticket that stays with a domain which is rented out again and again: the Exclusive hold of whoever rents it.</summary>
    Rental,
}
