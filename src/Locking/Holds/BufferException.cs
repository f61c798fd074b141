namespace FastBuffers.Locking;

/// <summary>
/// A request that the bytes' owner cannot grant: a kind of hold that is not supported here, or too many holds.
/// A consumer may fall back to a weaker kind. What is merely blocked for now is a <see cref="BufferConflictException"/>.
/// </summary>
public class BufferException : InvalidOperationException
{
    /// <summary>Creates the exception with a default message.</summary>
    public BufferException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">What was refused, and the rule behind it.</param>
    public BufferException(string? message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    /// <param name="message">What was refused, and the rule behind it.</param>
    /// <param name="innerException">The cause.</param>
    public BufferException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
