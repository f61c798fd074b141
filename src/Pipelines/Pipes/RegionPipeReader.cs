using System.Runtime.CompilerServices;

namespace FastBuffers.Pipelines;

/// <summary>
/// The side of a <see cref="RegionPipe"/> that reads. For one thread at a time, but for <see cref="CancelPendingRead"/>. What was read and
/// has been consumed throws when it is touched once its segment has been given back.
/// </summary>
public sealed class RegionPipeReader : PipeReader
{
    private readonly PipeLink _link;

    // The first segment that is not consumed to its end, where it begins in the stream, and how much of it is consumed.
    private PipeSegment? _head;
    private long _headStart;
    private int _headOffset;

    // The last segment that was read from, and where it begins.
    private PipeSegment? _tail;
    private long _tailStart;

    // In the stream: where what was read last ends, and what has been examined; and what is not news any more.
    private long _readEnd;
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
        if (_link.IsReaderDone)
        {
            throw PipeErrors.ReaderCompleted();
        }

        long consumedTo = Locate(consumed, nameof(consumed), _headStart + _headOffset);
        long examinedTo = Locate(examined, nameof(examined), _examined);
        if (consumedTo > examinedTo && consumed.GetObject() is not null && examined.GetObject() is not null)
        {
            throw PipeErrors.ConsumedPastExamined(consumedTo, examinedTo);
        }

        if (_state == ReadState.None)
        {
            throw PipeErrors.NotReading();
        }

        _state = ReadState.None;
        Consume(consumedTo);
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

        return new RetainedSequence(_link.Keeper.Keep(part, _head, _link.Pinned));
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
    internal ReadResult Read(long flushed, bool isCanceled, bool isCompleted)
    {
        Begin(isCanceled ? ReadState.Tentative : ReadState.Reading);
        return new ReadResult(SequenceTo(flushed), isCanceled, isCompleted);
    }

    /// <summary>Forgets the segments, which are given back; returns the first one.</summary>
    internal PipeSegment? End()
    {
        PipeSegment? head = _head;
        _head = _tail = null;
        return head;
    }

    internal void Reset()
    {
        _headStart = _tailStart = _readEnd = _examined = _seen = 0;
        _headOffset = 0;
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

    private ReadOnlySequence<byte> SequenceTo(long flushed)
    {
        _readEnd = flushed;
        _head ??= flushed == 0 ? null : _tail = _link.First;

        // The writer may have gone on from what was consumed before.
        Consume(_headStart + _headOffset);
        if (_head is not { } head)
        {
            return default;
        }

        PipeSegment tail = _tail!;
        long tailStart = _tailStart;
        while (tail.Next is { } next && tailStart + tail.SealedLength < flushed)
        {
            tailStart += tail.SealedLength;
            tail = next;
        }

        (_tail, _tailStart) = (tail, tailStart);
        return ReferenceEquals(head, tail)
            ? new ReadOnlySequence<byte>(head.Part(_headOffset, (int)(flushed - _headStart) - _headOffset))
            : SequenceOf(head, tail, (int)(flushed - tailStart));
    }

    // Of several segments.
    private ReadOnlySequence<byte> SequenceOf(PipeSegment head, PipeSegment tail, int end)
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

    // A position in the stream; the one that is given if there is none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Locate(SequencePosition position, string name, long none)
    {
        object? place = position.GetObject();
        long at = place is null ? none
            : ReferenceEquals(place, _head) ? _headStart + position.GetInteger()
            : place is SequenceNode node ? node.RunningIndex + position.GetInteger()
            : -1;
        return at >= 0 && at <= _readEnd && (place is null || at >= _headStart + _headOffset) ? at : throw PipeErrors.PositionUnknown(name);
    }

    private void Consume(long to)
    {
        PipeSegment? head = _head;
        while (head?.Next is { } next && to >= _headStart + head.SealedLength)
        {
            _headStart += head.SealedLength;
            if (ReferenceEquals(head, _tail))
            {
                (_tail, _tailStart) = (next, _headStart);
            }

            head.Release(_link.Pinned);
            head = next;
        }

        _head = head;
        _headOffset = (int)(to - _headStart);
    }
}
