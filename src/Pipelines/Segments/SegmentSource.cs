using FastBuffers.Locking;

namespace FastBuffers.Pipelines;

/// <summary>Where a pipe has its segments from: a pool of regions, or whatever memory pool its options name.</summary>
internal sealed class SegmentSource
{
    private const int MaxSegmentSize = 1 << 20;

    private readonly RegionPool _pool;
    private readonly MemoryPool<byte>? _foreign;
    private readonly int _minSize;

    internal SegmentSource(PipeOptions options)
    {
        _minSize = options.MinimumSegmentSize;
        _pool = (options.Pool as RegionMemoryPool)?.Pool ?? RegionPool.Shared;
        _foreign = options.Pool is RegionMemoryPool || ReferenceEquals(options.Pool, MemoryPool<byte>.Shared) ? null : options.Pool;
    }

    /// <summary>A lease of some bytes' copy.</summary>
    internal Lease RentCopy(ReadOnlySpan<byte> bytes)
    {
        Lease copy = _pool.Rent(bytes.Length);
        bytes.CopyTo(copy.Span);
        return copy;
    }

    /// <summary>A segment of its own bytes.</summary>
    /// <param name="unread">The number of bytes that wait for the reader. Up to 1 MiB, the segment is for as many again.</param>
    /// <param name="sizeHint">The number of bytes that it must have at least.</param>
    internal PipeSegment Rent(long unread, int sizeHint) => new(RentLease(unread, sizeHint));

    /// <summary>The lease of a segment: see <see cref="Rent"/>.</summary>
    internal Lease RentLease(long unread, int sizeHint)
    {
        int size = Math.Max(sizeHint, Math.Max(_minSize, (int)Math.Min(MaxSegmentSize, unread)));
        return _foreign is { } foreign && sizeHint <= foreign.MaxBufferSize
            ? OwningLease.Of(Region.Wrap(foreign.Rent(Math.Min(size, foreign.MaxBufferSize))), HoldKind.Exclusive)
            : _pool.Rent(size);
    }
}
