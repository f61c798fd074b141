namespace FastBuffers.Samples.Resp.Storage;

/// <summary>How an attempt to write into a stored value ended. Unless it says Written, nothing has changed.</summary>
internal enum WriteResult
{
    Written,

    /// <summary>The value has no room for so many bytes.</summary>
    NoRoom,

    /// <summary>Somebody is sending or editing bytes that would change.</summary>
    Held,

    /// <summary>Somebody is sending bytes that would change, and nobody is editing: a copy could be made.</summary>
    Sending,

    /// <summary>There is no memory within the limit.</summary>
    OutOfMemory,
}
