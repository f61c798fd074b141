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
        List<RetainedPart> kept = [];
        try
        {
            foreach (ReadOnlyMemory<byte> memory in part)
            {
                if (memory.IsEmpty)
                {
                    continue;
                }

                MemoryMarshal.TryGetMemoryManager(memory, out PipeSegment? holder, out int start, out int length);
                while (segment is not null && !ReferenceEquals(segment, holder))
                {
                    segment = segment.Next;
                }

                kept.Add(Keep(segment?.Locate(start, length, pinned) ?? throw PipeErrors.PositionUnknown(nameof(part)), memory.Span));
            }
        }
        catch
        {
            RetainedSequence.Release(CollectionsMarshal.AsSpan(kept));
            throw;
        }

        return [.. kept];
    }

    private RetainedPart Keep(in RetainedPart part, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= options.CopyBelow * part.Segment.Capacity && part.TryRetain())
        {
            return part;
        }

        Lease copy = source.RentCopy(bytes);
        return RetainedPart.Of(copy, bytes.Length, part.Pinned);
    }
}
