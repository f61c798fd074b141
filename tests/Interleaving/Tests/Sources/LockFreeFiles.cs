namespace FastBuffers.Interleaving.Tests.Sources;

/// <summary>The files whose shared state only the shims may touch, and what in them is not shared.</summary>
internal static class LockFreeFiles
{
    /// <summary>File names in src/Locking.</summary>
    public static readonly string[] Names =
    [
        "Tracker.cs", "Tracker.Take.cs", "Tracker.Convert.cs", "Tracker.Lifetime.cs", "Ticket.cs", "Ticket.Change.cs", "Ticket.End.cs",
        "TicketCache.cs", "TicketMagazine.cs", "HoldDomain.cs", "HoldDomain.Lifetime.cs", "HoldDomain.Take.cs",
        "Tracker.Ranges.cs", "Tracker.Split.cs", "Tracker.Append.cs", "HoldDomain.Ranges.cs", "ShortLock.cs", "Frontier.cs", "RangeSlot.cs",
        "RangeTable.cs",
    ];

    /// <summary>Methods that only a finalizer calls, when nobody else can reach the object.</summary>
    public static readonly string[] FinalizerOnly = ["Ticket.Recover"];

    /// <summary>Members that are accessed plainly, each with the reason why that is no race.</summary>
    public static readonly Dictionary<string, string> Owned = new(StringComparer.Ordinal)
    {
        ["Ticket._domain"] = "Written before the ticket becomes active and after it ended; readers read it first and then validate the state.",
        ["Ticket.UseOf"] = "As _domain.",
        ["Ticket.IsEmpty"] = "As _domain; a resize changes it while it holds Exclusive.",
        ["Ticket.Trace"] = "As _domain; a traced ticket is not reused.",
        ["Ticket._special"] = "As _domain: only says that the end of the hold takes more than the plain one.",
        ["Ticket._extent"] = "As _domain: readers copy it, then validate the state.",
        ["HoldTrace.Kind"] = "Written by who changes the hold, which nobody else does meanwhile; read for lists only.",
        ["HoldDomain._length"] = "Written by a resize, which holds Exclusive; the plain read is in the constructor and in that resize.",
        ["Ticket.Companion"] = "As _domain.",
        ["HoldDomain.IsLost"] = "Set by the finalizer.",
        ["HoldDomain.Tracker"] = "The state machine itself, a struct: its members are checked in their own files.",
        ["RangeTable._lock"] = "The lock itself, a struct: its members are checked in their own file.",
        ["RangeTable._free"] = "Under the table's lock.",
        ["RangeTable._freeCount"] = "As _free.",
        ["RangeTable._chunks"] = "As _free.",
        ["RangeTable._chunkCount"] = "As _free.",
        ["RangeTable._longest"] = "As _free.",
        ["RangeSlot.Kind"] = "As _free.",
        ["RangeSlot.Chunk"] = "As _free.",
        ["RangeChunk.Count"] = "As _free.",
        ["RangeRoom.Slots"] = "A struct in a local.",
        ["TicketMagazine._count"] = "A magazine belongs to one thread, and changes hands by the depot's compare-exchange.",
        ["TicketMagazine._tickets"] = "As _count.",
    };
}
