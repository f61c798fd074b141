namespace FastBuffers.Interleaving.Scenarios;

/// <summary>The operations of a tracker.</summary>
public enum CallKind
{
    /// <summary>Take a hold.</summary>
    Take,

    /// <summary>Release a hold.</summary>
    Release,

    /// <summary>Make a hold stronger.</summary>
    Upgrade,

    /// <summary>Make a hold weaker.</summary>
    Downgrade,

    /// <summary>Make a hold from a hold.</summary>
    Share,

    /// <summary>Use an Exclusive hold, as a scope or a pin does.</summary>
    Use,

    /// <summary>Freeze without a hold.</summary>
    Freeze,

    /// <summary>Make an Exclusive hold an Immutable one and freeze.</summary>
    FreezeHeld,

    /// <summary>Refuse new holds.</summary>
    Retire,

    /// <summary>Close if nothing is held.</summary>
    Free,

    /// <summary>Shut everybody out to change the length.</summary>
    BeginResize,

    /// <summary>Change the length and let everybody in again.</summary>
    EndResize,

    /// <summary>Make an Exclusive hold two of adjacent parts.</summary>
    Split,

    /// <summary>Make two Exclusive holds of adjacent parts one.</summary>
    Join,

    /// <summary>Take everything, to append.</summary>
    Append,

    /// <summary>Move the appender's frontier up.</summary>
    Publish,
}
