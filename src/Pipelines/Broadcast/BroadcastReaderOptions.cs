namespace FastBuffers.Pipelines;

/// <summary>How far a reader of a broadcast may stay behind, and what happens then. Immutable.</summary>
public sealed class BroadcastReaderOptions
{
    private readonly long _maxUnreadBytes = 1 << 20;
    private readonly SlowReaderPolicy _slowReader;

    internal static BroadcastReaderOptions Default { get; } = new();

    /// <summary>The number of bytes that may wait for the reader, 1 or more; 1 MiB if it is not set. One flush may exceed it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long MaxUnreadBytes
    {
        get => _maxUnreadBytes;
        init => _maxUnreadBytes = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The number of bytes that may wait for a reader is 1 or more.");
    }

    /// <summary>What happens when more wait; <see cref="SlowReaderPolicy.Wait"/> if it is not set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the policies.</exception>
    public SlowReaderPolicy SlowReader
    {
        get => _slowReader;
        init => _slowReader = value is >= SlowReaderPolicy.Wait and <= SlowReaderPolicy.DropOldest
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A policy is Wait, DropReader or DropOldest.");
    }
}
