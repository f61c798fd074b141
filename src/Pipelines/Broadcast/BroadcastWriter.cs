using System.Diagnostics.CodeAnalysis;

namespace FastBuffers.Pipelines;

/// <summary>The side of a broadcast that writes.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The window owns nothing: the segments are the broadcast's.")]
internal sealed class BroadcastWriter : PipeWriter, IUnpublished
{
    private readonly BroadcastHub _hub;
    private readonly PipeWindow _window;
    private readonly Lock _lock = new();
    private PipeSegment? _segment;
    private int _capacity;

    // In the segment: where the next byte goes, and where the first one is that has not been published.
    private int _offset;
    private int _published;

    // In the stream.
    private long _written;
    private long _flushed;
    private bool _isCompleted;

    // Guarded by the lock.
    private List<PipeLink>? _paused;
    private bool _isCanceled;

    internal BroadcastWriter(BroadcastHub hub)
    {
        _hub = hub;
        _window = new PipeWindow(this);
    }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _written - _flushed;

    Span<byte> IUnpublished.Unpublished => (_segment ?? throw PipeErrors.WindowEnded()).Writable[_published..];

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        RequireRoom(sizeHint);
        return _window.Part(_offset - _published, _capacity - _offset);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        RequireRoom(sizeHint);
        return _segment!.Writable[_offset..];
    }

    public override void Advance(int bytes)
    {
        if ((uint)bytes > (uint)(_capacity - _offset))
        {
            throw PipeErrors.AdvancedTooFar(bytes, _capacity - _offset);
        }

        _offset += bytes;
        _written += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        List<PipeLink>? paused = null;
        if (_written != _flushed)
        {
            (_flushed, _published) = (_written, _offset);
            paused = _hub.Flush(_flushed);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        }

        bool isCanceled;
        lock (_lock)
        {
            isCanceled = _isCanceled;
            _isCanceled = false;
            _paused = isCanceled ? null : paused;
        }

        return isCanceled || paused is null
            ? new ValueTask<FlushResult>(new FlushResult(isCanceled, isCompleted: false))
            : WaitAsync(paused, cancellationToken);
    }

    public override void CancelPendingFlush()
    {
        PipeLink[] paused;
        lock (_lock)
        {
            _isCanceled = true;
            paused = _paused is null ? [] : [.. _paused];
        }

        Array.ForEach(paused, static link => link.CancelFlush());
    }

    public override void Complete(Exception? exception = null)
    {
        if (_isCompleted)
        {
            return;
        }

        if (_written != _flushed)
        {
            (_flushed, _published) = (_written, _offset);
            _hub.Flush(_flushed);
        }

        _isCompleted = true;
        _segment = null;
        _capacity = _offset = _published = 0;
        _hub.Complete(exception);
    }

    MemoryHandle IUnpublished.PinUnpublished(int index) => (_segment ?? throw PipeErrors.WindowEnded()).Pin(_published + index);

    private async ValueTask<FlushResult> WaitAsync(List<PipeLink> paused, CancellationToken token)
    {
        bool isCanceled = false;
        using (token.UnsafeRegister(static writer => ((BroadcastWriter)writer!).CancelPendingFlush(), this))
        {
            foreach (PipeLink link in paused)
            {
                while (!isCanceled && await IsCanceledAsync(link).ConfigureAwait(false))
                {
                    // If not this flush, an earlier one was.
                    isCanceled = TakeCanceled();
                }
            }
        }

        lock (_lock)
        {
            isCanceled |= _isCanceled;
            _isCanceled = false;
            _paused = null;
        }

        if (isCanceled)
        {
            token.ThrowIfCancellationRequested();
        }

        return new FlushResult(isCanceled, isCompleted: false);
    }

    private static async ValueTask<bool> IsCanceledAsync(PipeLink link)
    {
        try
        {
            return (await link.FlushAsync(0, default).ConfigureAwait(false)).IsCanceled;
        }
        catch (Exception) when (link.IsReaderDone)
        {
            // How one reader ended is not the others' concern.
            return false;
        }
    }

    private bool TakeCanceled()
    {
        lock (_lock)
        {
            bool isCanceled = _isCanceled;
            _isCanceled = false;
            return isCanceled;
        }
    }

    private void RequireRoom(int sizeHint)
    {
        if (_isCompleted)
        {
            throw PipeErrors.WriterCompleted();
        }

        if (sizeHint < 0)
        {
            throw PipeErrors.Negative(nameof(sizeHint), sizeHint);
        }

        int room = _capacity - _offset;
        if (room == 0 || room < sizeHint)
        {
            _segment = _hub.NextSegment(_offset, sizeHint);
            _capacity = _segment.Capacity;
            _offset = _published = 0;
        }
    }
}
