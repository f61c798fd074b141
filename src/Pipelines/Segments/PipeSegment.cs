namespace FastBuffers.Pipelines;

/// <summary>
/// One stretch of a pipe's bytes: a lease, and the memory that readers see. An object for each rental, never used again, so that what
/// is left of it after the end throws and cannot show the bytes of the next rental.
/// </summary>
/// <remarks>
/// It counts who needs the lease, in one word: places in a pipe, and parts that were retained. The last of them gives the bytes back.
/// </remarks>
/// <param name="lease">The bytes, which belong to the segment.</param>
internal class PipeSegment(Lease lease) : MemoryManager<byte>
{
    private const int Retained = 1 << 12;
    private const int MaxPlaces = Retained - 1;
    private const int MaxHolds = int.MaxValue - Retained;

    private readonly Lease _lease = lease;
    private PipeSegment? _next;
    private int _holds = 1;

    /// <summary>The number of bytes in it, once the writer has gone on. To be read after <see cref="Next"/>.</summary>
    internal int SealedLength { get; private protected set; }

    /// <summary>The segment after it; null while the writer may add to this one.</summary>
    internal PipeSegment? Next => Volatile.Read(ref _next);

    /// <summary>The bytes that may be written.</summary>
    internal Span<byte> Writable => _lease.Span;

    /// <summary>The number of bytes that the lease has, whatever is in use of them.</summary>
    /// <exception cref="ObjectDisposedException">The segment has been given back.</exception>
    internal int Capacity => _lease.Length;

    /// <summary>The lease, for another place in it.</summary>
    internal Lease Lease => _lease;

    /// <summary>For the writer: ends the segment, which another one follows.</summary>
    internal void Seal(int length, PipeSegment next)
    {
        SealedLength = length;
        Volatile.Write(ref _next, next);
    }

    /// <summary>A part of the bytes, as memory that throws once the segment has been given back.</summary>
    internal Memory<byte> Part(int start, int length) => CreateMemory(start, length);

    /// <summary>Where a part lies: in this segment's lease, or in another's.</summary>
    /// <param name="start">The first byte of the part, in this segment.</param>
    /// <param name="length">The number of bytes.</param>
    /// <param name="pinned">Where the pipe counts what it pins.</param>
    internal virtual RetainedPart Locate(int start, int length, PinnedBytes? pinned) => new(this, start, length, pinned);

    /// <summary>The segment leaves a pipe.</summary>
    /// <param name="pinned">Where the bytes count from now on if a part is retained.</param>
    /// <returns>The segment after it, which it does not know any more.</returns>
    internal virtual PipeSegment? Release(PinnedBytes? pinned)
    {
        ReleasePlace(pinned);
        return Unlink();
    }

    /// <summary>
    /// Forgets the segment after it, and returns it: a segment that has become old for the garbage collector would keep all that come after
    /// it until the oldest generation is collected.
    /// </summary>
    protected PipeSegment? Unlink()
    {
        PipeSegment? next = _next;
        _next = null;
        return next;
    }

    /// <summary>Another place in the pipe needs the lease; false if there is none any more, or there are too many.</summary>
    internal bool TryAddPlace()
    {
        int holds = Volatile.Read(ref _holds);
        while ((holds & MaxPlaces) is > 0 and < MaxPlaces)
        {
            int before = Interlocked.CompareExchange(ref _holds, holds + 1, holds);
            if (before == holds)
            {
                return true;
            }

            holds = before;
        }

        return false;
    }

    /// <summary>A place in a pipe does not need the lease any more.</summary>
    internal void ReleasePlace(PinnedBytes? pinned)
    {
        int capacity = Volatile.Read(ref _holds) == 1 ? 0 : Capacity;
        int left = Interlocked.Decrement(ref _holds);
        if (left == 0)
        {
            _lease.Dispose();
        }
        else if ((left & MaxPlaces) == 0)
        {
            pinned?.Add(capacity);
        }
    }

    /// <summary>A retained part needs the lease; false if nobody holds it any more, or too many do.</summary>
    internal bool TryRetain()
    {
        int holds = Volatile.Read(ref _holds);
        while (holds > 0 && holds < MaxHolds)
        {
            int before = Interlocked.CompareExchange(ref _holds, holds + Retained, holds);
            if (before == holds)
            {
                return true;
            }

            holds = before;
        }

        return false;
    }

    /// <summary>A retained part does not need the lease any more.</summary>
    /// <param name="pinned">Where the bytes count.</param>
    internal void ReleaseRetained(PinnedBytes? pinned)
    {
        int capacity = Capacity;
        if (Interlocked.Add(ref _holds, -Retained) == 0)
        {
            _lease.Dispose();
            pinned?.Add(-capacity);
        }
    }

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
