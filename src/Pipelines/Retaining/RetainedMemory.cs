namespace FastBuffers.Pipelines;

/// <summary>The memory of a retained part. It throws once its sequence has been disposed, whoever else keeps the bytes.</summary>
internal sealed class RetainedMemory(RetainedSequence owner, RetainedPart part) : MemoryManager<byte>
{
    /// <summary>All bytes of the part.</summary>
    public override Memory<byte> Memory => CreateMemory(part.Length);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The sequence has been disposed.</exception>
    public override Span<byte> GetSpan()
    {
        owner.RequireAlive();
        return Region.BytesOf(part.Segment.Lease.Token).Slice(part.Start, part.Length);
    }

    /// <summary>Keeps the bytes where they are, and from being given back, until the handle is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The sequence has been disposed.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="elementIndex"/> is outside.</exception>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        owner.RequireAlive();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)part.Length, nameof(elementIndex));
        return LeasePin.Create(part.Segment.Lease.Token, part.Start + elementIndex);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
        // Each pin is an object of its own: see LeasePin.
    }

    protected override void Dispose(bool disposing)
    {
        // The sequence is disposed by its owner, not by who got its memory.
    }
}
