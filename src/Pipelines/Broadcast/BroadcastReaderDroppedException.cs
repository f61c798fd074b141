namespace FastBuffers.Pipelines;

/// <summary>A reader of a broadcast was dropped, since it was too slow: see <see cref="SlowReaderPolicy.DropReader"/>.</summary>
public sealed class BroadcastReaderDroppedException : IOException
{
    /// <summary>An exception without a message of its own.</summary>
    public BroadcastReaderDroppedException()
        : this("The reader of a broadcast was dropped, since it was too slow.")
    {
    }

    /// <summary>An exception.</summary>
    /// <param name="message">What happened.</param>
    public BroadcastReaderDroppedException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a cause.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public BroadcastReaderDroppedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
