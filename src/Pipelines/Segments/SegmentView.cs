namespace FastBuffers.Pipelines;

/// <summary>
/// A place in a pipe whose bytes are in another segment's lease: what the writer goes on with after it spliced something in, or what was
/// spliced in.
/// </summary>
internal sealed class SegmentView : PipeSegment
{
    private readonly RetainedPart _part;
    private readonly bool _isRetained;

    /// <summary>A view.</summary>
    /// <param name="part">The bytes.</param>
    /// <param name="isRetained">Whether it has the place of a retained part, instead of a place in the pipe of the bytes' own.</param>
    internal SegmentView(in RetainedPart part, bool isRetained)
        : base(part.Segment.Lease)
    {
        _part = part;
        _isRetained = isRetained;
        SealedLength = part.Length;
    }

    public override Span<byte> GetSpan() => base.GetSpan().Slice(_part.Start, _part.Length);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_part.Length, nameof(elementIndex));
        return base.Pin(_part.Start + elementIndex);
    }

    internal override RetainedPart Locate(int start, int length, PinnedBytes? pinned) =>
        new(_part.Segment, _part.Start + start, length, _isRetained ? _part.Pinned : pinned);

    internal override PipeSegment? Release(PinnedBytes? pinned)
    {
        if (_isRetained)
        {
            _part.Release();
        }
        else
        {
            _part.Segment.ReleasePlace(pinned);
        }

        return Unlink();
    }
}
