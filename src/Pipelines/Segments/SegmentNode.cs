namespace FastBuffers.Pipelines;

/// <summary>A segment's place in a sequence of several. Made for the sequences that need it, and for no others.</summary>
internal sealed class SegmentNode : ReadOnlySequenceSegment<byte>
{
    private SegmentNode(PipeSegment segment, int length, long start)
    {
        Segment = segment;
        Memory = segment.Part(0, length);
        RunningIndex = start;
    }

    internal PipeSegment Segment { get; }

    /// <summary>The sequence of what a chain of segments has.</summary>
    /// <param name="first">The first segment.</param>
    /// <param name="firstStart">The position in the stream of its first byte.</param>
    /// <param name="start">Where in it the sequence begins.</param>
    /// <param name="last">The last segment, not the first.</param>
    /// <param name="end">Where in the last one the sequence ends.</param>
    internal static ReadOnlySequence<byte> SequenceOf(PipeSegment first, long firstStart, int start, PipeSegment last, int end)
    {
        PipeSegment next = first.Next!;
        SegmentNode head = new(first, first.SealedLength, firstStart);
        SegmentNode tail = head;
        for (PipeSegment segment = next; ; segment = next)
        {
            next = segment.Next!;
            bool isLast = ReferenceEquals(segment, last);
            SegmentNode node = new(segment, isLast ? end : segment.SealedLength, tail.RunningIndex + tail.Memory.Length);
            tail.Next = node;
            tail = node;
            if (isLast)
            {
                return new ReadOnlySequence<byte>(head, start, tail, end);
            }
        }
    }
}
