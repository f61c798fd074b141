using FastBuffers.Locking;

namespace FastBuffers.Pipelines;

/// <summary>
/// A buffer writer over regions of a pool, for serializers: it grows by segments, and what was written is never copied. Over a lease it is of
/// fixed size. For one thread at a time. Memory that it handed out throws once what was written has been detached, or the writer disposed.
/// </summary>
public sealed class RegionBufferWriter : IBufferWriter<byte>, IDisposable
{
    private const int DefaultSegmentSize = 4096;
    private const int MaxSegmentSize = 1 << 20;

    private readonly RegionPool? _pool;
    private readonly int _segmentSize;

    // The segments before the one that is written, with the numbers of bytes that were written.
    private readonly List<(Lease Lease, int Length)> _full = [];
    private long _fullLength;
    private Lease _lease;
    private int _capacity;
    private int _offset;
    private bool _isDisposed;

    /// <summary>A writer that grows.</summary>
    /// <param name="pool">Where its segments are from; null for <see cref="RegionPool.Shared"/>.</param>
    /// <param name="segmentSize">
    /// The number of bytes of the first segment at least, from 1 to 1 MiB. Each one after it is for as much as there is, up to 1 MiB.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="segmentSize"/> is outside.</exception>
    public RegionBufferWriter(RegionPool? pool = null, int segmentSize = DefaultSegmentSize)
    {
        if (segmentSize is < 1 or > MaxSegmentSize)
        {
            throw new ArgumentOutOfRangeException(nameof(segmentSize), segmentSize, $"The size of a segment is from 1 to {MaxSegmentSize} bytes.");
        }

        (_pool, _segmentSize) = (pool ?? RegionPool.Shared, segmentSize);
    }

    /// <summary>A writer of fixed size.</summary>
    /// <param name="exclusive">What is written into: an Exclusive lease, which belongs to the writer from the call on, also if it throws.</param>
    /// <exception cref="ArgumentException">The lease is not Exclusive.</exception>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    public RegionBufferWriter(Lease exclusive)
    {
        _capacity = exclusive.Length;
        if (exclusive.Kind != HoldKind.Exclusive)
        {
            exclusive.Dispose();
            throw new ArgumentException($"A lease that is written is Exclusive, and this one is {exclusive.Kind}.", nameof(exclusive));
        }

        _lease = exclusive;
    }

    /// <summary>The number of bytes written.</summary>
    public long WrittenCount => _fullLength + _offset;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="count"/> is negative, or more than what is left of the memory handed out last.
    /// </exception>
    public void Advance(int count)
    {
        if ((uint)count > (uint)(_capacity - _offset))
        {
            throw PipeErrors.AdvancedTooFar(count, _capacity - _offset);
        }

        _offset += count;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sizeHint"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">The writer is of fixed size, and has not as much left.</exception>
    /// <exception cref="ObjectDisposedException">The writer has been disposed.</exception>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        RequireRoom(sizeHint);
        return _lease.Memory[_offset..];
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sizeHint"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">The writer is of fixed size, and has not as much left.</exception>
    /// <exception cref="ObjectDisposedException">The writer has been disposed.</exception>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        RequireRoom(sizeHint);
        return _lease.Span[_offset..];
    }

    /// <summary>What was written, which leaves the writer: it is empty then, and one of fixed size has no room any more.</summary>
    /// <exception cref="ObjectDisposedException">The writer has been disposed.</exception>
    public RetainedSequence Detach()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        LeaveSegment();
        RetainedPart[] parts = new RetainedPart[_full.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            (Lease lease, int length) = _full[i];
            parts[i] = RetainedPart.Of(lease.Downgrade(HoldKind.Immutable), length, pinned: null);
        }

        _full.Clear();
        _fullLength = 0;
        return new RetainedSequence(parts);
    }

    /// <summary>Forgets what was written. The last segment is kept, and written again.</summary>
    /// <exception cref="ObjectDisposedException">The writer has been disposed.</exception>
    public void Clear()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ReleaseFull();
        _offset = 0;
    }

    /// <summary>Gives back what was not detached.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            ReleaseFull();
            _lease.Dispose();
            _capacity = _offset = 0;
        }
    }

    private void RequireRoom(int sizeHint)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (sizeHint < 0)
        {
            throw PipeErrors.Negative(nameof(sizeHint), sizeHint);
        }

        if (_capacity - _offset < Math.Max(1, sizeHint))
        {
            Grow(sizeHint);
        }
    }

    private void Grow(int sizeHint)
    {
        if (_pool is null)
        {
            throw new InvalidOperationException($"The writer is of fixed size: {_capacity - _offset} bytes are left, and {Math.Max(1, sizeHint)} asked for.");
        }

        int size = Math.Max(_segmentSize, (int)Math.Min(MaxSegmentSize, WrittenCount));
        Lease next = _pool.Rent(Math.Max(size, sizeHint));
        LeaveSegment();
        (_lease, _capacity) = (next, next.Length);
    }

    private void LeaveSegment()
    {
        if (_offset > 0)
        {
            _full.Add((_lease, _offset));
            _fullLength += _offset;
        }
        else
        {
            _lease.Dispose();
        }

        _lease = default;
        _capacity = _offset = 0;
    }

    private void ReleaseFull()
    {
        foreach ((Lease lease, _) in _full)
        {
            lease.Dispose();
        }

        _full.Clear();
        _fullLength = 0;
    }
}
