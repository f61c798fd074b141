namespace FastBuffers.Locking;

/// <summary>
/// A wait that would never have ended: its owner has what others wait for, whom it would have waited for itself. Nothing was taken, and nobody
/// else has noticed; when what the owner has is released, the others go on.
/// </summary>
public sealed class DeadlockException : BufferException
{
    /// <summary>Creates the exception with a default message.</summary>
    public DeadlockException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">Who waits for whom.</param>
    public DeadlockException(string? message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    /// <param name="message">Who waits for whom.</param>
    /// <param name="innerException">The cause.</param>
    public DeadlockException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal DeadlockException(IReadOnlyList<DeadlockStep> cycle)
        : base(
            "To wait for this would be to wait for ever:" + Environment.NewLine
            + string.Join(Environment.NewLine, cycle.Select(static step => step.ToText()))) => Cycle = cycle;

    /// <summary>Who waits for whom: the first step is that of the wait that failed, and the last one leads back to its owner.</summary>
    public IReadOnlyList<DeadlockStep> Cycle { get; } = [];
}
