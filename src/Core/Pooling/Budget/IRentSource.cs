namespace FastBuffers;

/// <summary>What a <see cref="RentQueue"/> rents from.</summary>
internal interface IRentSource
{
    /// <summary>
    /// Rents now or not at all. Called without a lock of the queue, on any thread that pumps, by one pump at a time; it may return
    /// memory, and so pump, itself.
    /// </summary>
    /// <param name="length">The number of bytes that was waited for.</param>
    /// <param name="lease">What was rented; <c>default</c> when the answer is false.</param>
    /// <returns>
    /// False when there is no budget. A source that pumps during a call that it answers with false is asked again: it must have freed
    /// something, or it is asked forever.
    /// </returns>
    bool TryRent(int length, out Lease lease);
}
