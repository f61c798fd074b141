namespace FastBuffers.Interleaving.Tests.Sources;

/// <summary>The files whose shared state only the shims may touch, and what in them is not shared.</summary>
internal static class LockFreeFiles
{
    /// <summary>File names in src/Locking: those of which anything is read or written without the lock of the range table.</summary>
    public static readonly string[] Names =
    [
        "Tracker.cs", "Tracker.Take.cs", "Tracker.Convert.cs", "Tracker.Lifetime.cs", "Tracker.Ranges.cs", "Tracker.Split.cs", "Tracker.Append.cs",
        "Tracker.Rental.cs", "Tracker.Waiting.cs", "Tracker.Several.cs", "Ticket.cs", "Ticket.Change.cs", "Ticket.End.cs", "Ticket.Owned.cs", "TicketOwner.cs", "TicketCache.cs", "TicketMagazine.cs",
        "HoldDomain.cs", "HoldDomain.Lifetime.cs", "HoldDomain.Take.cs", "HoldDomain.Ranges.cs", "HoldDomain.Rental.cs", "HoldDomain.Waiting.cs", "HoldDomain.Several.cs",
        "RangeTable.cs", "RangeSlot.cs", "ShortLock.cs", "Frontier.cs", "WaitTable.cs", "WaitBucket.cs",
        "Tracker.Bias.cs", "HoldDomain.Bias.cs", "ReaderSlot.cs", "ReaderSlots.cs", "BiasSwitch.cs",
    ];

    /// <summary>
    /// Types, and members, that only the holder of a lock accesses, that of the range table if nothing else is said: the lock's own stores and compare-exchanges order them, and
    /// the histories of the explorer's threads tell in which order its holders came.
    /// </summary>
    public static readonly HashSet<string> Locked = new(StringComparer.Ordinal)
    {
        "RangeChunk", "RangeEntry", "RangeRoom", "RangeSlot.Kind", "RangeSlot.Chunk", "RangeTable._lock", "RangeTable._free", "RangeTable._freeCount",
        "RangeTable._longest", "RangeTable._chunks", "RangeTable._chunkCount",

        // The lock of a queue's bucket.
        "WaitBucket", "WaitQueue", "WaitGroup", "WaitIndex", "HoldWaiter",
    };

    /// <summary>Methods that only a finalizer calls, when nobody else can reach the object.</summary>
    public static readonly string[] FinalizerOnly = ["Ticket.Recover"];

    /// <summary>Members that are accessed plainly, each with the reason why that is no race.</summary>
    public static readonly Dictionary<string, string> Owned = new(StringComparer.Ordinal)
    {
        ["ReaderSlot._last"] = "The thread's own.",
        ["ReaderSlot._counted"] = "For the holder of the lock under which biases are switched.",
        ["BiasSwitch.s_keys"] = "As _counted.",
        ["Ticket._domain"] = "Written before the ticket becomes active and after it ended; readers read it first and then validate the state.",
        ["Ticket.UseOf"] = "As _domain.",
        ["Ticket.IsEmpty"] = "As _domain; a resize changes it while it holds Exclusive.",
        ["Ticket.Trace"] = "As _domain; a traced ticket is not reused.",
        ["Ticket._special"] = "As _domain: only says that Trace or UseOf may be set.",
        ["HoldDomain._length"] = "Written by a resize, which holds Exclusive; the plain read is in the constructor and in that resize.",
        ["Ticket.Companion"] = "As _domain.",
        ["Ticket.Place"] = "Written by whoever alone has the block; the owner of a stale token reads it first and then validates the state.",
        ["Ticket._extent"] = "As _domain; a resize changes it while it holds Exclusive, and a change of the hold while nobody can begin to use it.",
        ["HoldTrace.Kind"] = "Of a traced hold, by whoever changes it; reports may be out of date.",
        ["HoldDomain.IsLost"] = "Set by the finalizer.",
        ["HoldDomain.Tracker"] = "The state machine itself, a struct: its members are checked in their own files.",
        ["BiasSwitch.s_lock"] = "A lock, a struct: its members are checked in their own file.",
        ["WaitTable.s_buckets"] = "Filled by the initializer.",
        ["TicketMagazine._count"] = "A magazine belongs to one thread, and changes hands by the depot's compare-exchange.",
        ["TicketMagazine._tickets"] = "As _count.",
    };
}
