namespace FastBuffers.Locking;

/// <summary>A supported request that is blocked now by conflicting holds, which the message and the properties name.</summary>
public sealed class BufferConflictException : BufferException
{
    /// <summary>Creates the exception with a default message.</summary>
    public BufferConflictException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">What was refused and what blocks it.</param>
    public BufferConflictException(string? message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    /// <param name="message">What was refused and what blocks it.</param>
    /// <param name="innerException">The cause.</param>
    public BufferConflictException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal BufferConflictException(
        string message, HoldKind requested, long start, long length, HoldSnapshot snapshot, IReadOnlyList<HoldInfo> blockers)
        : base(message)
    {
        Requested = requested;
        RequestedStart = start;
        RequestedLength = length;
        Snapshot = snapshot;
        Blockers = blockers;
    }

    /// <summary>The kind that was asked for; <see cref="HoldKind.None"/> when the request was not for a hold (a resize, say).</summary>
    public HoldKind Requested { get; }

    /// <summary>The first byte of the requested range.</summary>
    public long RequestedStart { get; }

    /// <summary>The number of bytes in the requested range.</summary>
    public long RequestedLength { get; }

    /// <summary>All holds at the instant of the refusal.</summary>
    public HoldSnapshot Snapshot { get; }

    /// <summary>The first few of the holds that block the request.</summary>
    public IReadOnlyList<HoldInfo> Blockers { get; } = [];
}
