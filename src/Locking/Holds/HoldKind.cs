namespace FastBuffers.Locking;

/// <summary>
/// What a hold lets its holder rely on, and what the holder promises in return. One bit each, the same bits as
/// <see cref="HoldCapabilities"/>, so that a kind can be tested against a set of kinds.
/// </summary>
public enum HoldKind : byte
{
    /// <summary>No hold: the kind of a <c>default</c> token or lease.</summary>
    None = 0,

    /// <summary>The memory stays allocated, at the same address and size; the bytes may change. The holder does not write.</summary>
    Read = 1,

    /// <summary>The same as <see cref="Read"/>, and the holder may write while others read and write too (raw writing).</summary>
    Write = 2,

    /// <summary>The same as <see cref="Read"/>, and nothing can change the bytes while the hold lasts. The holder does not write.</summary>
    Immutable = 4,

    /// <summary>Nothing else can read or write while the hold lasts. The holder may write.</summary>
    Exclusive = 8,
}
