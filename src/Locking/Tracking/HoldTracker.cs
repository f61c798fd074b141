namespace FastBuffers.Locking;

/// <summary>
/// The state machine alone: readers, writers, immutable and exclusive holders of any byte-addressed resource, such as a file, or of
/// parts of it. Thread-safe; it never waits for a hold, and is lock-free while no part is held.
/// </summary>
public sealed class HoldTracker : HoldDomain
{
    /// <summary>Creates a tracker with no holds.</summary>
    /// <param name="length">The length of the resource in bytes, 0 or more. At length 0 nothing ever conflicts.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public HoldTracker(long length)
        : base(HoldErrors.CheckLength(length), ConflictTable.AllKinds, HoldDiagnostics.TraceHolds)
    {
    }

    /// <summary>The length of the resource in bytes.</summary>
    public long Length => ByteLength;

    /// <summary>Takes a hold on the whole resource, now or not at all.</summary>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="token">The hold; <see langword="default"/> when the answer is false.</param>
    /// <returns>False when a conflicting hold is active, or what is wanted is reserved for one who waits.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not one of the four kinds.</exception>
    /// <exception cref="ObjectDisposedException">The tracker is retired.</exception>
    /// <exception cref="BufferException">The kind is not supported (frozen), or there are too many holds (262,143).</exception>
    public bool TryTake(HoldKind kind, out HoldToken token)
    {
        token = TakeToken(kind, conflictThrows: false);
        return !token.IsDefault;
    }

    /// <summary>Takes a hold on a part of the resource, now or not at all.</summary>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="start">The first byte.</param>
    /// <param name="length">The number of bytes. A hold on no bytes conflicts with nothing, and counts as a hold.</param>
    /// <param name="token">The hold; <see langword="default"/> when the answer is false.</param>
    /// <returns>False when a hold is active that conflicts and shares a byte with the part, or that is reserved for one who waits.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="kind"/> is not one of the four kinds, or the part reaches outside the resource.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The tracker is retired.</exception>
    /// <exception cref="BufferException">The kind is not supported (frozen), or there are too many holds (262,143).</exception>
    public bool TryTake(HoldKind kind, long start, long length, out HoldToken token)
    {
        HoldErrors.ThrowIfNotKind(kind);
        HoldErrors.CheckRange(start, length, Length);
        token = TakeRange(ConflictTable.Index(kind), new RangeRequest(start, start + length, Size), scoped: false, conflictThrows: false);
        return !token.IsDefault;
    }

    /// <summary>From here on only <see cref="HoldKind.Read"/> and <see cref="HoldKind.Immutable"/> are supported.</summary>
    /// <exception cref="BufferConflictException">A Write or Exclusive hold is active.</exception>
    /// <exception cref="ObjectDisposedException">The tracker is retired.</exception>
    public void Freeze() => FreezeCore();

    /// <summary>From here on new holds are refused; the active ones, their shares and downgrades are not. Idempotent.</summary>
    public void Retire() => RetireCore(out _);

    /// <inheritdoc/>
    public override string ToString() => Describe();

    internal override string Describe() => $"HoldTracker of {Length} bytes";
}
