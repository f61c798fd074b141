namespace FastBuffers.Testing;

/// <summary>What came of an operation.</summary>
public enum Answer
{
    Ok,

    /// <summary>False, from a Try.</summary>
    Refused,

    /// <summary>An ArgumentOutOfRangeException.</summary>
    BadArgument,

    /// <summary>An ObjectDisposedException.</summary>
    Dead,

    /// <summary>A BufferException that is no conflict.</summary>
    Unsupported,

    /// <summary>A BufferConflictException.</summary>
    Conflict,
}
