using System.Diagnostics.CodeAnalysis;

namespace FastBuffers.Pipelines;

/// <summary>
/// The side of a <see cref="RegionPipe"/> that writes. For one thread at a time, but for <see cref="CancelPendingFlush"/>. Memory that it
/// hands out is the writer's own until the next flush; written later, it throws, or hits what has not been published.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The window owns nothing: the segments are the pipe's.")]
public sealed class RegionPipeWriter : PipeWriter
{
    private readonly PipeLink _link;
    private readonly SegmentSource _source;
    private readonly PipeWindow _window;

    private PipeSegment? _segment;
    private int _capacity;

    // In the segment: where the next byte goes, and where the first one is that has not been published.
    private int _offset;
    private int _published;

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

    /// <summary>What has not been published of the current segment.</summary>
    internal Span<byte> Unpublished => (_segment ?? throw PipeErrors.WindowEnded()).Writable[_published..];

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

    /// <summary>Pins a byte of <see cref="Unpublished"/>.</summary>
    internal MemoryHandle PinUnpublished(int index) => (_segment ?? throw PipeErrors.WindowEnded()).Pin(_published + index);

    /// <summary>Forgets the segments, which are given back.</summary>
    internal void End()
    {
        _segment = null;
        _capacity = _offset = _published = 0;
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
        PipeSegment next = _source.Rent(_link.UnreadOf(_written), sizeHint);
        if (_segment is { } segment)
        {
            segment.Seal(_offset, next);
        }
        else
        {
            _link.First = next;
        }

        _segment = next;
        _capacity = next.GetSpan().Length;
        _offset = _published = 0;
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
