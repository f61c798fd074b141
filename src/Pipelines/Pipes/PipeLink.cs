namespace FastBuffers.Pipelines;

/// <summary>
/// What the two sides of a pipe share. While bytes flow, each side publishes how far it is, issues one full fence and looks for
/// <see cref="PipeAttention"/>; whoever wants attention sets its flag, with a fence too, and looks at the other side's number again. So one
/// of the two sees the other, and all else is done under a lock.
/// </summary>
internal sealed partial class PipeLink
{
    // Aliases of what the lock guards: completions, waiters, and every change of the attention.
    private readonly Lock _lock = new();
    private readonly PipeOptions _options;
    private PipeWords _words;

    internal PipeLink(PipeOptions options)
    {
        _options = options;
        _readWaiter = new PipeWaiter(options.UseSynchronizationContext);
        _flushWaiter = new PipeWaiter(options.UseSynchronizationContext);
        Reader = new RegionPipeReader(this);
        Writer = new RegionPipeWriter(this, new SegmentSource(options));
    }

    internal RegionPipeReader Reader { get; }

    internal RegionPipeWriter Writer { get; }

    /// <summary>The first segment that was ever written to. Read after <see cref="Flushed"/>.</summary>
    internal PipeSegment? First { get; set; }

    /// <summary>The number of bytes flushed so far.</summary>
    internal long Flushed => _words.Flushed;

    /// <summary>Whether nothing asks for attention.</summary>
    internal bool IsCalm => _words.Attention == PipeAttention.None;

    internal bool IsReaderDone => Has(PipeAttention.ReaderDone);

    // Flushed and not examined: what the thresholds are about.
    private long Unread => _words.Flushed - _words.Examined;

    /// <summary>For the writer: what was written before is flushed.</summary>
    /// <returns>Whether nothing but that is to be done: else <see cref="FlushAsync"/> follows.</returns>
    internal bool Publish(long flushed)
    {
        _words.Flushed = flushed;
        Interlocked.MemoryBarrier();
        return IsCalm && (_options.PauseWriterThreshold <= 0 || flushed - _words.Examined < _options.PauseWriterThreshold);
    }

    /// <summary>For the reader: what is before has been examined.</summary>
    internal void Examine(long examined)
    {
        _words.Examined = examined;
        Interlocked.MemoryBarrier();
        if (Has(PipeAttention.WriterPaused))
        {
            ResumeIfRead();
        }
    }

    /// <summary>Makes the pipe as new.</summary>
    /// <exception cref="InvalidOperationException">A side has not been completed.</exception>
    internal void Reset()
    {
        lock (_lock)
        {
            if (!_readerCompletion.IsCompleted || !_writerCompletion.IsCompleted)
            {
                throw PipeErrors.NotReset();
            }

            _readerCompletion = new PipeCompletion();
            _writerCompletion = new PipeCompletion();
            _readWaiter = new PipeWaiter(_options.UseSynchronizationContext);
            _flushWaiter = new PipeWaiter(_options.UseSynchronizationContext);
            _minRead = 0;
            _words = default;
            Reader.Reset();
            Writer.Reset();
        }
    }

    private bool Has(PipeAttention flags) => (_words.Attention & flags) != 0;
}
