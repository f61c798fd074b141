namespace FastBuffers.Interleaving.Tests.Sources;

/// <summary>The files whose shared state only the shims may touch, and what in them is not shared.</summary>
internal static class LockFreeFiles
{
    /// <summary>File names in src/Locking.</summary>
    public static readonly string[] Names =
    [
        "Tracker.cs", "Tracker.Take.cs", "Tracker.Convert.cs", "Tracker.Lifetime.cs", "Ticket.cs", "TicketCache.cs", "TicketMagazine.cs",
        "HoldDomain.cs", "HoldDomain.Lifetime.cs", "HoldDomain.Take.cs",
    ];

    /// <summary>Methods that only a finalizer calls, when nobody else can reach the object.</summary>
    public static readonly string[] FinalizerOnly = ["Ticket.Recover"];

    /// <summary>Members that are accessed plainly, each with the reason why that is no race.</summary>
    public static readonly Dictionary<string, string> Owned = new(StringComparer.Ordinal)
    {
        ["Ticket.Domain"] = "Written before the ticket becomes active and after it ended; readers read it first and then validate the state.",
        ["Ticket.UseOf"] = "As Domain.",
        ["Ticket.IsEmpty"] = "As Domain; a resize changes it while it holds Exclusive.",
        ["Ticket.Trace"] = "As Domain; a traced ticket is not reused.",
        ["Ticket._special"] = "As Domain: only says that Trace or UseOf may be set.",
        ["HoldDomain._length"] = "Written by a resize, which holds Exclusive; the plain read is in the constructor and in that resize.",
        ["Ticket.Companion"] = "As Domain.",
        ["Ticket.Next"] = "A chain belongs to the thread that has it, and changes hands by the depot's compare-exchange.",
        ["HoldDomain._ownTicket"] = "Set once, by compare-exchange; a plain read that misses it loses that race. Not explored.",
        ["HoldDomain.IsLost"] = "Set by the finalizer.",
        ["HoldDomain.Tracker"] = "The state machine itself, a struct: its members are checked in their own files.",
        ["TicketMagazine._count"] = "A magazine belongs to one thread, and changes hands by the depot's compare-exchange.",
        ["TicketMagazine._tickets"] = "As _count.",
        ["Ticket._lostAtCollection"] = "The finalizer's own.",
    };
}
