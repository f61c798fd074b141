namespace FastBuffers.Interleaving.Engine;

/// <summary>What a step of a virtual thread does to one location.</summary>
internal enum AccessKind : byte
{
    /// <summary>A load: from the thread's own store buffer when it holds the location, else from memory.</summary>
    Read,

    /// <summary>A store: it enters the thread's own store buffer and reaches memory by a flush later.</summary>
    Write,

    /// <summary>Locked exchange.</summary>
    Exchange,

    /// <summary>Locked compare and exchange.</summary>
    CompareExchange,

    /// <summary>Locked add.</summary>
    Add,

    /// <summary>Locked or.</summary>
    Or,

    /// <summary>Locked and.</summary>
    And,

    /// <summary>A full fence of the calling thread.</summary>
    Fence,

    /// <summary>A fence on every processor that runs a thread of the process.</summary>
    ProcessFence,
}
