namespace FastBuffers.Samples.Resp.Storage;

/// <summary>How an attempt to write into a stored value ended. Unless it says Written, nothing has changed.</summary>
internal enum WriteResult
{
    Written,

    /// <summary>The value has no room for so many bytes.</summary>
    NoRoom,

    /// <summary>The value is being sent: its bytes must not change.</summary>
    BeingSent,

    /// <summary>The memory budget has no room.</summary>
    OutOfMemory,
}
