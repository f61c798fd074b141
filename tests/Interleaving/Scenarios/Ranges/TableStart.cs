namespace FastBuffers.Interleaving.Scenarios;

/// <summary>How the range table is before anybody holds anything.</summary>
internal enum TableStart
{
    /// <summary>It is not there: the first hold on a part makes it.</summary>
    None,

    /// <summary>It was used, and the word says that it is not any more.</summary>
    Idle,

    /// <summary>It was used and is empty, and the word still sends everybody to its lock.</summary>
    Entered,

    /// <summary>It has no room: Read is held on each byte of the upper half, and the next hold on a part needs more.</summary>
    Full,
}
