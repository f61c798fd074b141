using System.Runtime.InteropServices;

namespace FastBuffers.Pipelines;

/// <summary>A place in a stream.</summary>
/// <param name="Segment">The segment that it is in.</param>
/// <param name="SegmentStart">Where that begins, in the stream.</param>
/// <param name="Position">The number of bytes before the place.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StreamMark(PipeSegment? Segment, long SegmentStart, long Position);
