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

    /// <summary>A segment of its own bytes.</summary>
    /// <param name="previous">The length of the segment before it, which it doubles up to 1 MiB; 0 for the first.</param>
    /// <param name="sizeHint">The number of bytes that it must have at least.</param>
    internal PipeSegment Rent(int previous, int sizeHint)
    {
        int size = previous == 0 ? _minSize : Math.Min(MaxSegmentSize, Math.Max(_minSize, previous * 2));
        size = Math.Max(size, sizeHint);
        return new PipeSegment(_foreign is { } foreign && sizeHint <= foreign.MaxBufferSize
            ? OwningLease.Of(Region.Wrap(foreign.Rent(Math.Min(size, foreign.MaxBufferSize))), HoldKind.Exclusive)
            : _pool.Rent(size));
    }
}
