namespace FastBuffers.Pipelines;

/// <summary>
/// One stretch of a pipe's bytes: a lease, and the memory that readers see. An object for each rental, never used again, so that what
/// is left of it after the end throws and cannot show the bytes of the next rental.
/// </summary>
/// <param name="lease">The bytes, which belong to the segment.</param>
internal sealed class PipeSegment(Lease lease) : MemoryManager<byte>
{
    private readonly Lease _lease = lease;
    private PipeSegment? _next;

    /// <summary>The number of bytes in it, once the writer has gone on. To be read after <see cref="Next"/>.</summary>
    internal int SealedLength { get; private set; }

    /// <summary>The segment after it; null while the writer may add to this one.</summary>
    internal PipeSegment? Next => Volatile.Read(ref _next);

    /// <summary>The bytes that may be written.</summary>
    internal Span<byte> Writable => _lease.Span;

    /// <summary>For the writer: ends the segment, which another one follows.</summary>
    internal void Seal(int length, PipeSegment next)
    {
        SealedLength = length;
        Volatile.Write(ref _next, next);
    }

    /// <summary>A part of the bytes, as memory that throws once the segment has been given back.</summary>
    internal Memory<byte> Part(int start, int length) => CreateMemory(start, length);

    /// <summary>Gives the bytes back.</summary>
    internal void Release() => _lease.Dispose();

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The segment has been given back.</exception>
    public override Span<byte> GetSpan() => Region.BytesOf(_lease.Token);

    /// <summary>Keeps the bytes where they are, and from being given back, until the handle is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The segment has been given back.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="elementIndex"/> is outside.</exception>
    public override MemoryHandle Pin(int elementIndex = 0) => LeasePin.Create(_lease.Token, elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
        // Each pin is an object of its own: see LeasePin.
    }

    protected override void Dispose(bool disposing)
    {
        // The pipe gives the bytes back, not who got them as memory.
    }
}
