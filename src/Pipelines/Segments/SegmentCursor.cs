using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers.Pipelines;

/// <summary>
/// Where a reader is in a chain of segments, each of which it releases when it has consumed it. Positions count from the beginning of the
/// stream. Not thread-safe.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct SegmentCursor
{
    // The first segment that is not consumed to its end, where it begins, and how much of it is consumed.
    private PipeSegment? _head;
    private long _headStart;
    private int _headOffset;

    // The last segment that was read from, and where it begins.
    private PipeSegment? _tail;
    private long _tailStart;

    // Where what was read last ends.
    private long _readEnd;

    // Whether the read that is under way is the last one of what comes before a place further on, and that place.
    private bool _isSkipping;
    private StreamMark _skipTo;

    /// <summary>The first segment that is not consumed to its end.</summary>
    internal readonly PipeSegment? Head => _head;

    /// <summary>Where what was read last ends.</summary>
    internal readonly long ReadEnd => _readEnd;

    /// <summary>Up to where all is consumed.</summary>
    internal readonly long Consumed => _headStart + _headOffset;

    /// <summary>Whether <see cref="EndSkip"/> is to be called when the read that is under way ends.</summary>
    internal readonly bool IsSkipping => _isSkipping;

    /// <summary>Begins in the middle of a stream.</summary>
    internal void Begin(StreamMark mark)
    {
        (_head, _headStart, _headOffset) = (mark.Segment, mark.SegmentStart, (int)(mark.Position - mark.SegmentStart));
        (_tail, _tailStart, _readEnd) = (mark.Segment, mark.SegmentStart, mark.Position);
    }

    /// <summary>
    /// Goes on further on, and releases the segments before that, except for those that are being read: <see cref="EndSkip"/> does that.
    /// </summary>
    /// <param name="mark">Where; after what was read last. <c>default</c> is after all segments that there are.</param>
    /// <param name="isReading">Whether a read is under way.</param>
    internal void Skip(StreamMark mark, bool isReading)
    {
        if (_head is null)
        {
            return;
        }

        if (!isReading)
        {
            (_tail, _tailStart) = (_head, _headStart);
        }

        PipeSegment? next = _isSkipping && !ReferenceEquals(_skipTo.Segment, _tail) ? _skipTo.Segment : _tail!.Next;
        (_isSkipping, _skipTo) = (true, mark);
        if (!ReferenceEquals(mark.Segment, _tail))
        {
            while (next is not null && !ReferenceEquals(next, mark.Segment))
            {
                next = next.Release(null);
            }
        }

        if (!isReading)
        {
            EndSkip();
        }
    }

    /// <summary>Releases what was being read when <see cref="Skip"/> was called.</summary>
    internal void EndSkip()
    {
        PipeSegment? read = _head;
        bool isLast = false;
        while (!isLast && !ReferenceEquals(read, _skipTo.Segment))
        {
            isLast = ReferenceEquals(read, _tail);
            read = read!.Release(null);
        }

        _isSkipping = false;
        Begin(_skipTo);
        _skipTo = default;
    }

    /// <summary>All that is not consumed.</summary>
    /// <param name="first">The first segment of the stream, if nothing was read before.</param>
    /// <param name="end">Where what is readable ends.</param>
    /// <param name="pinned">See <see cref="PipeSegment.Release"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReadOnlySequence<byte> ReadTo(PipeSegment? first, long end, PinnedBytes? pinned)
    {
        _readEnd = end;
        return _head is { Next: null } head
            ? new ReadOnlySequence<byte>(head.Part(_headOffset, (int)(end - _headStart) - _headOffset))
            : ReadSlow(first, end, pinned);
    }

    private ReadOnlySequence<byte> ReadSlow(PipeSegment? first, long end, PinnedBytes? pinned)
    {
        _head ??= end == 0 ? null : _tail = first;

        // The writer may have gone on from what was consumed before.
        Consume(Consumed, pinned);
        if (_head is not { } head)
        {
            return default;
        }

        PipeSegment tail = _tail!;
        long tailStart = _tailStart;
        while (tail.Next is { } next && tailStart + tail.SealedLength < end)
        {
            tailStart += tail.SealedLength;
            tail = next;
        }

        (_tail, _tailStart) = (tail, tailStart);
        return ReferenceEquals(head, tail)
            ? new ReadOnlySequence<byte>(head.Part(_headOffset, (int)(end - _headStart) - _headOffset))
            : SequenceOf(head, tail, (int)(end - tailStart));
    }

    /// <summary>The place of a position in the stream; the one that is given if it has none.</summary>
    /// <exception cref="InvalidOperationException">It is not in what was read last.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly long Locate(SequencePosition position, string name, long none)
    {
        object? place = position.GetObject();
        long at = place is null ? none
            : ReferenceEquals(place, _head) ? _headStart + position.GetInteger()
            : place is SequenceNode node ? node.RunningIndex + position.GetInteger()
            : -1;
        return at >= 0 && at <= _readEnd && (place is null || at >= Consumed) ? at : throw PipeErrors.PositionUnknown(name);
    }

    /// <summary>Releases the segments that end at a place or before it.</summary>
    internal void Consume(long to, PinnedBytes? pinned)
    {
        PipeSegment? head = _head;
        while (head?.Next is { } next && to >= _headStart + head.SealedLength)
        {
            _headStart += head.SealedLength;
            if (ReferenceEquals(head, _tail))
            {
                (_tail, _tailStart) = (next, _headStart);
            }

            head.Release(pinned);
            head = next;
        }

        _head = head;
        _headOffset = (int)(to - _headStart);
    }

    // Of several segments.
    private readonly ReadOnlySequence<byte> SequenceOf(PipeSegment head, PipeSegment tail, int end)
    {
        SequenceNode first = new(head.Part(0, head.SealedLength), _headStart);
        SequenceNode last = first;
        PipeSegment segment = head;
        do
        {
            segment = segment.Next!;
            last = last.Append(segment.Part(0, ReferenceEquals(segment, tail) ? end : segment.SealedLength));
        }
        while (!ReferenceEquals(segment, tail));
        return new ReadOnlySequence<byte>(first, _headOffset, last, end);
    }
}
