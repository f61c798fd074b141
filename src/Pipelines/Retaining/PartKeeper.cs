using System.Runtime.InteropServices;

namespace FastBuffers.Pipelines;

/// <summary>Keeps parts of what a pipe's reader has read: where they are, or a copy of those that are small against their segment.</summary>
internal sealed class PartKeeper(SegmentSource source, RetainOptions options)
{
    /// <summary>Keeps a part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="segment">The first of the segments that it can be in, one after the other.</param>
    /// <param name="pinned">Where the bytes count.</param>
    /// <exception cref="InvalidOperationException">The part is elsewhere.</exception>
    internal RetainedPart[] Keep(in ReadOnlySequence<byte> part, PipeSegment? segment, PinnedBytes? pinned)
    {
        if (part.IsSingleSegment)
        {
            return part.IsEmpty ? [] : [Keep(part.First, ref segment, pinned)];
        }

        List<RetainedPart> kept = [];
        try
        {
            foreach (ReadOnlyMemory<byte> memory in part)
            {
                if (!memory.IsEmpty)
                {
                    kept.Add(Keep(memory, ref segment, pinned));
                }
            }
        }
        catch
        {
            RetainedSequence.Release(CollectionsMarshal.AsSpan(kept));
            throw;
        }

        return [.. kept];
    }

    // The segment is the one where the memory may be, and then is.
    private RetainedPart Keep(ReadOnlyMemory<byte> memory, ref PipeSegment? segment, PinnedBytes? pinned)
    {
        MemoryMarshal.TryGetMemoryManager(memory, out PipeSegment? holder, out int start, out int length);
        while (segment is not null && !ReferenceEquals(segment, holder))
        {
            segment = segment.Next;
        }

        RetainedPart part = (segment ?? throw PipeErrors.PositionUnknown(nameof(part))).Locate(start, length, pinned);
        return length >= options.CopyBelow * part.Segment.Capacity && part.TryRetain()
            ? part
            : RetainedPart.Of(source.RentCopy(memory.Span), length, part.Pinned);
    }
}
