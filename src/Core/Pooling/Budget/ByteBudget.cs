namespace FastBuffers;

/// <summary>
/// How many bytes may be out at once. Charged before memory is taken and released after it is given back, so that the sum is never
/// over the limit, not for a moment. Thread-safe and lock-free.
/// </summary>
internal sealed class ByteBudget
{
    private long _charged;
    private long _peak;

    /// <summary>Creates a budget of which nothing is charged.</summary>
    /// <param name="maxBytes">The most that may be charged, in bytes, 0 or more; <see cref="long.MaxValue"/> is no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxBytes"/> is negative.</exception>
    internal ByteBudget(long maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        MaxBytes = maxBytes;
    }

    /// <summary>The most that may be charged, in bytes.</summary>
    internal long MaxBytes { get; }

    /// <summary>What is charged now, in bytes, from 0 to <see cref="MaxBytes"/>.</summary>
    internal long Charged => Volatile.Read(ref _charged);

    /// <summary>The most that ever was charged, in bytes. A charge counts here before the call that made it returns.</summary>
    internal long Peak => Volatile.Read(ref _peak);

    /// <summary>Charges what still fits.</summary>
    /// <param name="bytes">How many, 0 or more.</param>
    /// <returns>False when they do not fit; nothing is charged then.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is negative.</exception>
    internal bool TryCharge(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        long charged = Volatile.Read(ref _charged);
        while (bytes <= MaxBytes - charged)
        {
            long seen = Interlocked.CompareExchange(ref _charged, charged + bytes, charged);
            if (seen == charged)
            {
                RaisePeak(charged + bytes);
                return true;
            }

            charged = seen;
        }

        return false;
    }

    /// <summary>Takes a charge back, or part of one.</summary>
    /// <param name="bytes">How many, from 0 to <see cref="Charged"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">So much is not charged; nothing has changed.</exception>
    internal void Release(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        long charged = Volatile.Read(ref _charged);
        while (bytes <= charged)
        {
            long seen = Interlocked.CompareExchange(ref _charged, charged - bytes, charged);
            if (seen == charged)
            {
                return;
            }

            charged = seen;
        }

        throw new InvalidOperationException($"{bytes} bytes cannot be released: only {charged} are charged.");
    }

    private void RaisePeak(long charged)
    {
        long peak = Volatile.Read(ref _peak);
        while (charged > peak)
        {
            long seen = Interlocked.CompareExchange(ref _peak, charged, peak);
            if (seen == peak)
            {
                return;
            }

            peak = seen;
        }
    }
}
