using System.Runtime.CompilerServices;

namespace FastBuffers.Pipelines;

/// <summary>
/// The side of a <see cref="RegionPipe"/> that reads. For one thread at a time, but for <see cref="CancelPendingRead"/>. What was read and
/// has been consumed throws when it is touched once its segment has been given back.
/// </summary>
public sealed class RegionPipeReader : PipeReader
{
    private readonly PipeLink _link;

    private SegmentCursor _cursor;

    // In the stream: what has been examined, and what is not news any more.
    private long _examined;
    private long _seen;
    private ReadState _state;

    internal RegionPipeReader(PipeLink link) => _link = link;

    private enum ReadState
    {
        None,

        /// <summary>A read found nothing or was cancelled: it may be ended, and need not be.</summary>
        Tentative,
        Reading,
    }

    /// <summary>
    /// The number of bytes that were left out since this reader of a broadcast was too slow: see <see cref="SlowReaderPolicy"/>. To be looked
    /// at after a read; 0 for the reader of a pipe.
    /// </summary>
    public long DroppedBytes { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The reader has been completed, or a read is under way.</exception>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_link.IsCalm && !cancellationToken.IsCancellationRequested && _link.Flushed is var flushed && flushed > _seen)
        {
            return new ValueTask<ReadResult>(Read(flushed, isCanceled: false, isCompleted: false));
        }

        return _link.ReadAsync(minimum: 0, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The reader has been completed, or a read is under way.</exception>
    public override bool TryRead(out ReadResult result)
    {
        bool isRead = _link.TryRead(out result);
        if (!isRead)
        {
            Begin(ReadState.Tentative);
        }

        return isRead;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No read is under way, or a position is not in what was read.</exception>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">
    /// No read is under way, a position is not in what was read, or <paramref name="consumed"/> is past <paramref name="examined"/>.
    /// </exception>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_link.Drops)
        {
            _link.AdvanceDropping(consumed, examined);
        }
        else
        {
            Advance(consumed, examined);
        }
    }

    /// <summary>Ends a read.</summary>
    internal void Advance(SequencePosition consumed, SequencePosition examined)
    {
        if (_link.IsReaderDone)
        {
            throw PipeErrors.ReaderCompleted();
        }

        long consumedTo = _cursor.Locate(consumed, nameof(consumed), _cursor.Consumed);
        long examinedTo = _cursor.Locate(examined, nameof(examined), _examined);
        if (consumedTo > examinedTo && consumed.GetObject() is not null && examined.GetObject() is not null)
        {
            throw PipeErrors.ConsumedPastExamined(consumedTo, examinedTo);
        }

        if (_state == ReadState.None)
        {
            throw PipeErrors.NotReading();
        }

        _state = ReadState.None;
        if (_cursor.IsSkipping)
        {
            EndSkip(consumedTo);
            examinedTo = Math.Max(examinedTo, _cursor.Consumed);
        }
        else
        {
            _cursor.Consume(consumedTo, _link.Pinned);
        }

        _seen = Math.Max(_seen, examinedTo);
        if (examinedTo != _examined)
        {
            _examined = examinedTo;
            _link.Examine(examinedTo);
        }
    }

    /// <summary>
    /// Keeps a part of what was read: the bytes stay, where they are, until the sequence is disposed, also after they are consumed, after
    /// the pipe has completed, and on any thread. Parts that are small against their segment are copied: see <see cref="RetainOptions"/>.
    /// </summary>
    /// <param name="part">Of the buffer of the last read, before <see cref="AdvanceTo(SequencePosition)"/>.</param>
    /// <exception cref="InvalidOperationException">No read is under way, or the part is not of the buffer that was read last.</exception>
    /// <exception cref="PoolExhaustedException">The pool has no memory for a copy.</exception>
    public RetainedSequence Retain(in ReadOnlySequence<byte> part)
    {
        if (_state == ReadState.None)
        {
            throw PipeErrors.NotReading();
        }

        return new RetainedSequence(_link.Keeper.Keep(part, _cursor.Head, _link.Pinned));
    }

    /// <summary>Has the read that waits, or else the next one, end with <see cref="ReadResult.IsCanceled"/>. Thread-safe.</summary>
    public override void CancelPendingRead() => _link.CancelRead();

    /// <summary>Ends reading. Flushes say so from here on, or throw the exception; what is written is dropped.</summary>
    /// <param name="exception">What went wrong, if anything.</param>
    public override void Complete(Exception? exception = null)
    {
        _state = ReadState.None;
        _link.CompleteReader(exception);
    }

    /// <inheritdoc/>
    [Obsolete("OnWriterCompleted may not be invoked on all implementations of PipeReader. This will be removed in a future release.")]
    public override void OnWriterCompleted(Action<Exception?, object?> callback, object? state) => _link.OnWriterCompleted(callback, state);

    /// <inheritdoc/>
    protected override ValueTask<ReadResult> ReadAtLeastAsyncCore(int minimumSize, CancellationToken cancellationToken) =>
        _link.ReadAsync(minimumSize, cancellationToken);

    /// <summary>Whether there is something that a read waits for.</summary>
    internal bool IsNew(long flushed) => flushed > _seen;

    /// <summary>Has a read wait for more than there is.</summary>
    internal void NotNew(long flushed) => _seen = flushed;

    /// <summary>Begins a read of all that has been flushed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReadResult Read(long flushed, bool isCanceled, bool isCompleted)
    {
        Begin(isCanceled ? ReadState.Tentative : ReadState.Reading);
        if (_cursor.IsSkipping)
        {
            EndSkip(_cursor.Consumed);
        }

        return new ReadResult(_cursor.ReadTo(_link.First, flushed, _link.Pinned), isCanceled, isCompleted);
    }

    /// <summary>Up to where all is consumed, or dropped.</summary>
    internal long Consumed => _cursor.Consumed;

    /// <summary>Begins in the middle of a stream.</summary>
    internal void Begin(StreamMark mark)
    {
        _cursor.Begin(mark);
        _examined = _seen = mark.Position;
    }

    /// <summary>Leaves out what is before a place, but for what is being read.</summary>
    internal void Drop(StreamMark mark)
    {
        bool isReading = _state != ReadState.None;
        long from = isReading ? _cursor.ReadEnd : _cursor.Consumed;
        if (mark.Segment is not null && mark.Position <= from)
        {
            return;
        }

        if (!isReading)
        {
            DroppedBytes += mark.Position - from;
            _examined = mark.Position;
            _seen = Math.Max(_seen, mark.Position);
            _link.Dropped(mark.Position);
        }

        _cursor.Skip(mark, isReading);
    }

    /// <summary>Releases all segments.</summary>
    internal void ReleaseAll()
    {
        if (_cursor.IsSkipping)
        {
            EndSkip(_cursor.Consumed);
        }

        PipeSegment? segment = _cursor.Head ?? _link.First;
        while (segment is not null)
        {
            segment = segment.Release(_link.Pinned);
        }

        _cursor = default;
    }

    private void EndSkip(long consumed)
    {
        _cursor.EndSkip();
        DroppedBytes += _cursor.Consumed - consumed;
    }

    internal void Reset()
    {
        _examined = _seen = 0;
        _state = ReadState.None;
    }

    private void Begin(ReadState state)
    {
        if (_state == ReadState.Reading)
        {
            throw PipeErrors.AlreadyReading();
        }

        _state = state;
    }
}
