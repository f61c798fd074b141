namespace FastBuffers.Pipelines;

// The ends of the two sides. The later one gives all segments back.
internal sealed partial class PipeLink
{
    private PipeCompletion _readerCompletion = new();
    private PipeCompletion _writerCompletion = new();

    /// <summary>Completes the writer, whose last bytes have been published.</summary>
    internal void CompleteWriter(Exception? error)
    {
        Action<object?>? callbacks;
        PipeContinuation reader;
        bool isLast;
        lock (_lock)
        {
            isLast = !_writerCompletion.IsCompleted && _readerCompletion.IsCompleted;
            callbacks = _writerCompletion.Complete(error);
            _words.Set(PipeAttention.WriterDone);
            reader = WakeReader();
        }

        End(isLast, callbacks, reader, _options.ReaderScheduler);
    }

    /// <summary>Completes the reader.</summary>
    internal void CompleteReader(Exception? error)
    {
        Action<object?>? callbacks;
        PipeContinuation writer;
        bool isLast;
        lock (_lock)
        {
            isLast = !_readerCompletion.IsCompleted && _writerCompletion.IsCompleted;
            callbacks = _readerCompletion.Complete(error);
            _words.Set(PipeAttention.ReaderDone);
            writer = Has(PipeAttention.WriterPaused) ? Resume() : default;
        }

        End(isLast, callbacks, writer, _options.WriterScheduler);
        Hub?.Leave(this);
    }

    /// <summary>Has somebody told of the writer's end.</summary>
    internal void OnWriterCompleted(Action<Exception?, object?> callback, object? state) =>
        Tell(_writerCompletion, callback, state, _options.ReaderScheduler);

    /// <summary>Has somebody told of the reader's end.</summary>
    internal void OnReaderCompleted(Action<Exception?, object?> callback, object? state) =>
        Tell(_readerCompletion, callback, state, _options.WriterScheduler);

    private void Tell(PipeCompletion completion, Action<Exception?, object?> callback, object? state, PipeScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Action<object?>? callbacks;
        lock (_lock)
        {
            callbacks = completion.Add(callback, state);
        }

        if (callbacks is not null)
        {
            PipeContinuation.Schedule(scheduler, callbacks, state: null);
        }
    }

    private void End(bool isLast, Action<object?>? callbacks, PipeContinuation waiter, PipeScheduler scheduler)
    {
        if (isLast && Hub is null)
        {
            Writer?.End();
            Reader.ReleaseAll();
            First = null;
        }

        if (callbacks is not null)
        {
            PipeContinuation.Schedule(scheduler, callbacks, state: null);
        }

        waiter.Schedule(scheduler);
    }
}
