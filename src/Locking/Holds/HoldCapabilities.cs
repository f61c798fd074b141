namespace FastBuffers.Locking;

/// <summary>
/// The kinds of hold that an exporter of bytes may be asked for. A set bit means "this instance may support that kind";
/// only taking decides.
/// </summary>
[Flags]
public enum HoldCapabilities : byte
{
    /// <summary>No information. Only raw kinds (<see cref="Read"/>, <see cref="Write"/>) may be asked for.</summary>
    Unknown = 0,

    /// <summary><see cref="HoldKind.Read"/> may be supported.</summary>
    Read = 1,

    /// <summary><see cref="HoldKind.Write"/> may be supported.</summary>
    Write = 2,

    /// <summary><see cref="HoldKind.Immutable"/> may be supported.</summary>
    Immutable = 4,

    /// <summary><see cref="HoldKind.Exclusive"/> may be supported.</summary>
    Exclusive = 8,

    /// <summary>Tells "declared, and nothing more than raw access" from <see cref="Unknown"/>.</summary>
    Declared = 0x80,
}
