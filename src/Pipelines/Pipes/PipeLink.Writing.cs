using System.Threading.Tasks.Sources;

namespace FastBuffers.Pipelines;

// Flushes that have somebody to wake, or wait.
internal sealed partial class PipeLink : IValueTaskSource<FlushResult>
{
    private static readonly Action<object?> s_onFlushToken = static link => ((PipeLink)link!).CancelFlush(byToken: true);

    private PipeWaiter _flushWaiter;
    private long _pinnedBefore;

    /// <summary>Ends a flush, or waits until there is less to read.</summary>
    /// <param name="bytes">The number of bytes that were flushed, and are published.</param>
    /// <param name="token">Ends the wait.</param>
    internal ValueTask<FlushResult> FlushAsync(long bytes, CancellationToken token)
    {
        FlushResult result = default;
        bool waits = false;
        PipeContinuation reader = default;
        CancellationTokenRegistration before = default;
        lock (_lock)
        {
            reader = Commit(bytes);
            if (!token.IsCancellationRequested)
            {
                waits = Has(PipeAttention.WriterPaused) && !Has(PipeAttention.FlushCanceled);
                if (waits)
                {
                    before = _flushWaiter.Register(s_onFlushToken, this, token);
                }
                else
                {
                    result = TakeFlush();
                }
            }
        }

        before.Dispose();
        reader.Schedule(_options.ReaderScheduler);
        return waits ? new ValueTask<FlushResult>(this, 0)
            : token.IsCancellationRequested ? ValueTask.FromCanceled<FlushResult>(token)
            : new ValueTask<FlushResult>(result);
    }

    /// <summary>Has the flush that waits, or the next one, end as cancelled.</summary>
    internal void CancelFlush(bool byToken = false)
    {
        PipeContinuation writer;
        lock (_lock)
        {
            if (byToken && !(Has(PipeAttention.WriterPaused) && _flushWaiter.Token.IsCancellationRequested))
            {
                // A flush that ended meanwhile.
                return;
            }

            _words.Set(PipeAttention.FlushCanceled);
            writer = _flushWaiter.Take();
        }

        writer.Schedule(_options.WriterScheduler);
    }

    /// <summary>Lets the writer go on if there is little enough to read.</summary>
    internal void ResumeIfRead()
    {
        PipeContinuation writer = default;
        lock (_lock)
        {
            if (Has(PipeAttention.WriterPaused) && Load < _options.ResumeWriterThreshold)
            {
                writer = Resume();
            }
        }

        writer.Schedule(_options.WriterScheduler);
    }

    /// <summary>The answer to a write that need not be made; null if it is to be made.</summary>
    /// <exception cref="Exception">The error that the reader was completed with.</exception>
    internal FlushResult? AnswerToWrite()
    {
        if (!IsReaderDone)
        {
            return null;
        }

        lock (_lock)
        {
            return new FlushResult(isCanceled: false, _readerCompletion.IsCompletedOrThrow());
        }
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        CancellationTokenRegistration registration = default;
        CancellationToken cancellation = default;
        FlushResult result;
        try
        {
            lock (_lock)
            {
                if (IsFlushPending)
                {
                    throw PipeErrors.Pending();
                }

                registration = _flushWaiter.Unregister(out cancellation);
                result = TakeFlush();
            }
        }
        finally
        {
            registration.Dispose();
        }

        if (result.IsCanceled)
        {
            cancellation.ThrowIfCancellationRequested();
        }

        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) =>
        IsFlushPending ? ValueTaskSourceStatus.Pending
        : _readerCompletion.IsFaulted ? ValueTaskSourceStatus.Faulted
        : ValueTaskSourceStatus.Succeeded;

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        PipeContinuation writer = default;
        lock (_lock)
        {
            if (_flushWaiter.IsAwaited)
            {
                throw PipeErrors.AwaitedTwice();
            }

            _flushWaiter.Await(continuation, state, flags);
            if (!IsFlushPending)
            {
                writer = _flushWaiter.Take();
            }
        }

        writer.Schedule(_options.WriterScheduler);
    }

    private PipeContinuation Commit(long bytes)
    {
        if (bytes == 0)
        {
            return default;
        }

        if (Has(PipeAttention.ReaderWaits) && Unread < _minRead)
        {
            // Not news either for a read that comes after this one was cancelled.
            Reader.NotNew(Flushed);
            return default;
        }

        PauseIfUnread(bytes);
        return WakeReader();
    }

    private bool IsFlushPending => (_words.Attention & (PipeAttention.WriterPaused | PipeAttention.FlushCanceled)) == PipeAttention.WriterPaused;

    // Once for each time that the threshold is passed: a reader that asked for more than that has had the writer go on.
    private void PauseIfUnread(long bytes)
    {
        long unread = Unread;
        long pinned = _pinned?.Count ?? 0;
        long before = unread - bytes + _pinnedBefore;
        _pinnedBefore = pinned;
        if (_options.PauseWriterThreshold > 0
            && unread + pinned >= _options.PauseWriterThreshold
            && before < _options.PauseWriterThreshold
            && !Has(PipeAttention.WriterPaused | PipeAttention.ReaderDone))
        {
            SetWait(PipeAttention.WriterPaused, PipeAttention.ReaderFences);
            if (Load < _options.ResumeWriterThreshold)
            {
                // The reader went on meanwhile, and may not have seen that it is waited for.
                _words.Clear(PipeAttention.WriterPaused);
            }
        }
    }

    private FlushResult TakeFlush()
    {
        bool isCanceled = Has(PipeAttention.FlushCanceled);
        if (isCanceled)
        {
            _words.Clear(PipeAttention.FlushCanceled);
        }

        return new FlushResult(isCanceled, _readerCompletion.IsCompletedOrThrow());
    }

    private PipeContinuation Resume()
    {
        _words.Clear(PipeAttention.WriterPaused);
        return _flushWaiter.Take();
    }
}
