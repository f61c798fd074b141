using System.Threading.Tasks.Sources;

namespace FastBuffers.Pipelines;

// Reads that cannot be answered at once, or have to look twice.
internal sealed partial class PipeLink : IValueTaskSource<ReadResult>
{
    private static readonly Action<object?> s_onReadToken = static link => ((PipeLink)link!).CancelRead(byToken: true);

    private PipeWaiter _readWaiter;
    private int _minRead;

    /// <summary>Reads, or waits for something to read.</summary>
    /// <param name="minimum">
    /// The number of bytes that there must be, what has been examined not counted, unless the writer has completed; 0 for any that are new.
    /// </param>
    /// <param name="token">Ends the wait.</param>
    internal ValueTask<ReadResult> ReadAsync(int minimum, CancellationToken token)
    {
        if (IsReaderDone)
        {
            throw PipeErrors.ReaderCompleted();
        }

        if (token.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ReadResult>(token);
        }

        ReadResult result;
        bool waits = false;
        PipeContinuation writer = default;
        CancellationTokenRegistration before = default;
        lock (_lock)
        {
            if (Has(PipeAttention.ReaderWaits))
            {
                throw PipeErrors.AlreadyReading();
            }

            if (!TryRead(minimum, out result))
            {
                // It waits for more than the writer may write.
                writer = minimum > 0 && IsFlushPending ? Resume() : default;
                _minRead = minimum;
                SetWait(PipeAttention.ReaderWaits, PipeAttention.WriterFences);
                waits = !TryRead(minimum, out result);
                if (waits)
                {
                    before = _readWaiter.Register(s_onReadToken, this, token);
                }
                else
                {
                    _words.Clear(PipeAttention.ReaderWaits);
                }
            }
        }

        before.Dispose();
        writer.Schedule(_options.WriterScheduler);
        return waits ? new ValueTask<ReadResult>(this, 0) : new ValueTask<ReadResult>(result);
    }

    /// <summary>Reads what there is; false when there is nothing.</summary>
    internal bool TryRead(out ReadResult result)
    {
        lock (_lock)
        {
            if (IsReaderDone)
            {
                throw PipeErrors.ReaderCompleted();
            }

            if (Has(PipeAttention.ReaderWaits))
            {
                throw PipeErrors.AlreadyReading();
            }

            if (Unread > 0 || TellsReader)
            {
                result = TakeRead();
                return true;
            }
        }

        result = default;
        return false;
    }

    /// <summary>Has the read that waits, or the next one, end as cancelled.</summary>
    internal void CancelRead(bool byToken = false)
    {
        PipeContinuation reader;
        lock (_lock)
        {
            if (byToken && !(Has(PipeAttention.ReaderWaits) && _readWaiter.Token.IsCancellationRequested))
            {
                // A read that ended meanwhile.
                return;
            }

            _words.Set(PipeAttention.ReadCanceled);
            reader = WakeReader();
        }

        reader.Schedule(_options.ReaderScheduler);
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        CancellationTokenRegistration registration = default;
        CancellationToken cancellation = default;
        ReadResult result;
        try
        {
            lock (_lock)
            {
                if (Has(PipeAttention.ReaderWaits))
                {
                    throw PipeErrors.Pending();
                }

                registration = _readWaiter.Unregister(out cancellation);
                result = TakeRead();
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

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) =>
        Has(PipeAttention.ReaderWaits) ? ValueTaskSourceStatus.Pending
        : _writerCompletion.IsFaulted ? ValueTaskSourceStatus.Faulted
        : ValueTaskSourceStatus.Succeeded;

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        PipeContinuation reader = default;
        lock (_lock)
        {
            if (_readWaiter.IsAwaited)
            {
                throw PipeErrors.AwaitedTwice();
            }

            _readWaiter.Await(continuation, state, flags);
            if (!Has(PipeAttention.ReaderWaits))
            {
                reader = _readWaiter.Take();
            }
        }

        reader.Schedule(_options.ReaderScheduler);
    }

    // What the reader is told besides bytes.
    private bool TellsReader => Reader.IsNew(Flushed) || Has(PipeAttention.WriterDone | PipeAttention.ReadCanceled);

    private bool TryRead(int minimum, out ReadResult result)
    {
        long flushed = Flushed;
        if (!TellsReader)
        {
            result = default;
            return false;
        }

        if (Unread < minimum && !Has(PipeAttention.WriterDone | PipeAttention.ReadCanceled))
        {
            // Not new any more for a read that comes after this one was cancelled.
            Reader.NotNew(flushed);
            result = default;
            return false;
        }

        result = TakeRead();
        return true;
    }

    private ReadResult TakeRead()
    {
        bool isCompleted = _writerCompletion.IsCompletedOrThrow();
        bool isCanceled = Has(PipeAttention.ReadCanceled);
        if (isCanceled)
        {
            _words.Clear(PipeAttention.ReadCanceled);
        }

        _minRead = 0;
        return Reader.Read(Flushed, isCanceled, isCompleted);
    }

    private PipeContinuation WakeReader()
    {
        if (!Has(PipeAttention.ReaderWaits))
        {
            return default;
        }

        _words.Clear(PipeAttention.ReaderWaits);
        return _readWaiter.Take();
    }
}
