namespace FastBuffers.Locking;

/// <summary>What is done to a hold by converting it.</summary>
internal enum HoldChange
{
    /// <summary>A weaker kind; never refused.</summary>
    Downgrade,

    /// <summary>A stronger kind, or Write for Immutable and back; refused by conflicting holds, and once the domain is retired.</summary>
    Upgrade,

    /// <summary>From Exclusive to Immutable, and the domain with it.</summary>
    Freeze,
}
