using System.Runtime.InteropServices;

namespace FastBuffers.Pipelines;

/// <summary>A part of a segment's lease that is kept from being given back.</summary>
/// <param name="Segment">The segment whose lease it is.</param>
/// <param name="Start">The first byte, in the lease.</param>
/// <param name="Length">The number of bytes.</param>
/// <param name="Pinned">Where the segment's bytes count; null for nowhere.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RetainedPart(PipeSegment Segment, int Start, int Length, PinnedBytes? Pinned)
{
    /// <summary>The whole of a lease that has no other place.</summary>
    internal static RetainedPart Of(Lease lease, int length, PinnedBytes? pinned)
    {
        PipeSegment segment = new(lease);
        RetainedPart part = new(segment, 0, length, pinned);
        part.TryRetain();
        segment.ReleasePlace(pinned);
        return part;
    }

    internal bool TryRetain() => Segment.TryRetain();

    internal void Release() => Segment.ReleaseRetained(Pinned);

    internal RetainedPart Slice(int start, int length) => this with { Start = Start + start, Length = length };
}
