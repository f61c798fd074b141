namespace FastBuffers;

/// <summary>The blocks of one size class that a thread has for itself.</summary>
internal struct Shelf
{
    /// <summary>The block that was returned last: a slot of its own spares the most common rental the count.</summary>
    internal Ticket? Hot;

    /// <summary>The others, as a stack; null while there never was one.</summary>
    internal Ticket?[]? Stack;

    /// <summary>The number of blocks in <see cref="Stack"/>.</summary>
    internal int Count;

    /// <summary>The most blocks that fit into <see cref="Stack"/>.</summary>
    internal int Capacity;

    /// <summary>The number of bytes of each block.</summary>
    internal int BlockSize;

    /// <summary>
    /// The number of blocks to take from the bin next time: more each time, and few again once there were too many, so that a thread whose
    /// rentals come to as much as it may keep does not exchange a batch with the bin each time round.
    /// </summary>
    internal int Batch;
}
