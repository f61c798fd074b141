using System.Diagnostics.CodeAnalysis;

namespace FastBuffers.Pipelines;

/// <summary>
/// The side of a <see cref="RegionPipe"/> that writes. For one thread at a time, but for <see cref="CancelPendingFlush"/>. Memory that it
/// hands out is the writer's own until the next flush; written later, it throws, or hits what has not been published.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The window owns nothing: the segments are the pipe's.")]
public sealed class RegionPipeWriter : PipeWriter, IUnpublished
{
    /// <summary>What a segment must have left at least to be gone on with: less would give small pieces, each an object.</summary>
    private const int SmallestRest = 256;

    private readonly PipeLink _link;
    private readonly SegmentSource _source;
    private readonly PipeWindow _window;

    // The segment whose lease is written into. In it: where the room ends, where the next byte goes, where the first one is that has
    // not been published, and where the part begins that has the last place in the pipe.
    private PipeSegment? _segment;
    private int _capacity;
    private int _offset;
    private int _published;
    private int _placeStart;

    // The last place in the pipe: of the segment, or of what was spliced in.
    private PipeSegment? _last;
    private bool _isSpliced;

    // In the stream.
    private long _written;
    private long _flushed;
    private bool _isCompleted;

    internal RegionPipeWriter(PipeLink link, SegmentSource source)
    {
        _link = link;
        _source = source;
        _window = new PipeWindow(this);
    }

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _written - _flushed;

    /// <inheritdoc/>
    Span<byte> IUnpublished.Unpublished => (_segment ?? throw PipeErrors.WindowEnded()).Writable[_published..];

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The writer has been completed.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sizeHint"/> is negative.</exception>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        RequireRoom(sizeHint);
        return _window.Part(_offset - _published, _capacity - _offset);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The writer has been completed.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sizeHint"/> is negative.</exception>
    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        RequireRoom(sizeHint);
        return _segment!.Writable[_offset..];
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="bytes"/> is negative, or more than what is left of the memory handed out last.
    /// </exception>
    public override void Advance(int bytes)
    {
        if ((uint)bytes > (uint)(_capacity - _offset))
        {
            throw PipeErrors.AdvancedTooFar(bytes, _capacity - _offset);
        }

        if (!_link.IsReaderDone)
        {
            _offset += bytes;
            _written += bytes;
        }
    }

    /// <summary>
    /// Splices a lease's bytes into what is written, without copying. It belongs to the pipe from the call on, also if this throws, if the
    /// flush is cancelled or the pipe completes. The bytes are flushed as if they had been written.
    /// </summary>
    /// <param name="immutable">An Immutable lease, of a whole region or of a part.</param>
    /// <exception cref="InvalidOperationException">The writer has been completed.</exception>
    /// <exception cref="ArgumentException">The lease is not Immutable.</exception>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    public void Append(Lease immutable) => Append(RetainedSequence.Create(immutable));

    /// <summary>
    /// Splices bytes into what is written, without copying, as <see cref="Append(Lease)"/> does. To keep them too, append a
    /// <see cref="RetainedSequence.Share"/>.
    /// </summary>
    /// <param name="part">The bytes. It is disposed by this, as far as its owner can see.</param>
    /// <exception cref="InvalidOperationException">The writer has been completed.</exception>
    /// <exception cref="ObjectDisposedException">It has been disposed, or appended before.</exception>
    public void Append(RetainedSequence part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (_isCompleted)
        {
            part.Dispose();
            throw PipeErrors.WriterCompleted();
        }

        if (_link.IsReaderDone)
        {
            part.Dispose();
            return;
        }

        foreach (ref readonly RetainedPart piece in part.TakeParts())
        {
            Splice(piece);
        }
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        long bytes = _written - _flushed;
        return Publish() && !cancellationToken.IsCancellationRequested ? default : _link.FlushAsync(bytes, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The writer has been completed.</exception>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        RequireOpen();
        if (_link.AnswerToWrite() is { } answer)
        {
            return new ValueTask<FlushResult>(answer);
        }

        ReadOnlySpan<byte> rest = source.Span;
        do
        {
            Span<byte> room = GetSpan();
            int count = Math.Min(room.Length, rest.Length);
            rest[..count].CopyTo(room);
            Advance(count);
            rest = rest[count..];
        }
        while (!rest.IsEmpty);
        return FlushAsync(cancellationToken);
    }

    /// <summary>Has the flush that waits, or else the next one, end with <see cref="FlushResult.IsCanceled"/>. Thread-safe.</summary>
    public override void CancelPendingFlush() => _link.CancelFlush();

    /// <summary>Ends writing. What was written is flushed; the reader gets it, and then the end, or the exception.</summary>
    /// <param name="exception">What went wrong, if anything.</param>
    public override void Complete(Exception? exception = null)
    {
        Publish();
        _isCompleted = true;
        _link.CompleteWriter(exception);
    }

    /// <inheritdoc/>
    [Obsolete("OnReaderCompleted may not be invoked on all implementations of PipeWriter. This will be removed in a future release.")]
    public override void OnReaderCompleted(Action<Exception?, object?> callback, object? state) => _link.OnReaderCompleted(callback, state);

    /// <inheritdoc/>
    MemoryHandle IUnpublished.PinUnpublished(int index) => (_segment ?? throw PipeErrors.WindowEnded()).Pin(_published + index);

    /// <summary>Forgets the segments, which are given back.</summary>
    internal void End()
    {
        _segment = _last = null;
        _capacity = _offset = _published = _placeStart = 0;
        _isSpliced = false;
    }

    internal void Reset()
    {
        _written = _flushed = 0;
        _isCompleted = false;
    }

    private void RequireOpen()
    {
        if (_isCompleted)
        {
            throw PipeErrors.WriterCompleted();
        }
    }

    private void RequireRoom(int sizeHint)
    {
        RequireOpen();
        int room = _capacity - _offset;
        if (sizeHint < 0)
        {
            throw PipeErrors.Negative(nameof(sizeHint), sizeHint);
        }

        if (room == 0 || room < sizeHint)
        {
            Grow(sizeHint);
        }
    }

    private void Grow(int sizeHint)
    {
        if (_isSpliced && TryGoOn(sizeHint))
        {
            return;
        }

        PipeSegment next = _source.Rent(_link.UnreadOf(_written), sizeHint);
        Place(next);
        _segment = next;
        _capacity = next.Capacity;
        _offset = _published = _placeStart = 0;
        _isSpliced = false;
    }

    // After something was spliced in: with what the segment before it has left, if that is worth a place.
    private bool TryGoOn(int sizeHint)
    {
        if (_segment is not { } segment || !segment.TryAddPlace())
        {
            return false;
        }

        int rest = segment.Capacity - _offset;
        if (rest < Math.Max(sizeHint, SmallestRest))
        {
            segment.ReleasePlace(_link.Pinned);
            return false;
        }

        Place(new SegmentView(new RetainedPart(segment, _offset, rest, null), isRetained: false));
        _capacity = segment.Capacity;
        _placeStart = _offset;
        _isSpliced = false;
        return true;
    }

    private void Place(PipeSegment next)
    {
        if (_last is { } last)
        {
            last.Seal(_isSpliced ? last.SealedLength : _offset - _placeStart, next);
        }
        else
        {
            _link.First = next;
        }

        _last = next;
    }

    private void Splice(in RetainedPart part)
    {
        if (part.Length == 0)
        {
            part.Release();
            return;
        }

        Place(new SegmentView(part, isRetained: true));
        _isSpliced = true;
        _capacity = _offset;
        _written += part.Length;
    }

    // Whether nothing is left to do for a flush.
    private bool Publish()
    {
        if (_written == _flushed)
        {
            return _link.IsCalm;
        }

        _flushed = _written;
        _published = _offset;
        return _link.Publish(_flushed);
    }
}
