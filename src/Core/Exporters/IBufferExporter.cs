namespace FastBuffers;

/// <summary>
/// Whatever can lend out its bytes under a hold: a <see cref="Region"/>, a <see cref="RegionSlice"/>, a <see cref="Lease"/>, or a type of
/// yours. Who takes bytes from an exporter it does not know asks through <see cref="BufferConsumer"/>, which asks for nothing that is
/// not declared and checks what comes back.
/// </summary>
/// <remarks>
/// An implementation that wraps another exporter declares for itself: it starts from <see cref="HoldCapabilities.Unknown"/>, and passes
/// on what the other one declares only if every path to the bytes goes through that one's holds. Implementations are thread-safe.
/// </remarks>
public interface IBufferExporter
{
    /// <summary>
    /// The kinds of hold that this instance may be asked for. A set bit promises an attempt, not success;
    /// <see cref="HoldCapabilities.Unknown"/> permits asking for Read and Write, and <see cref="HoldCapabilities.Declared"/> alone says
    /// that there is nothing more than these.
    /// </summary>
    HoldCapabilities Capabilities { get; }

    /// <summary>The number of bytes, which every lease from <see cref="TryTake"/> has.</summary>
    int Length { get; }

    /// <summary>Takes a lease on all bytes, now or not at all.</summary>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="lease">An alive lease of that kind over <see cref="Length"/> bytes; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold is active, and for nothing else.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not one of the four kinds.</exception>
    /// <exception cref="ObjectDisposedException">The exporter's bytes are gone.</exception>
    /// <exception cref="BufferException">The kind is not supported here.</exception>
    bool TryTake(HoldKind kind, out Lease lease);
}
