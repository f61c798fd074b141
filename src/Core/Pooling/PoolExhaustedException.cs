namespace FastBuffers;

/// <summary>A rental would take a <see cref="RegionPool"/> beyond its <see cref="RegionPoolOptions.MaxBytes"/>.</summary>
public sealed class PoolExhaustedException : BufferException
{
    internal PoolExhaustedException(string message)
        : base(message)
    {
    }

    /// <summary>The number of bytes that were asked for.</summary>
    public int RequestedLength { get; internal init; }

    /// <summary>The limit, in bytes.</summary>
    public long MaxBytes { get; internal init; }

    /// <summary>The bytes that were rented, in whole blocks.</summary>
    public long RentedBytes { get; internal init; }

    /// <summary>The bytes that were cached and could not be taken back for this rental.</summary>
    public long CachedBytes { get; internal init; }
}
