namespace FastBuffers.Pipelines;

/// <summary>
/// What the two sides of a pipe share. While bytes flow, each side publishes how far it is and looks for <see cref="PipeAttention"/>;
/// whoever wants attention sets its flag, and looks at the other side's number again. With a full fence between the two steps on both
/// sides, one of the two sees the other. A side that has not been waited for in a while leaves its fence out, and the one that waits
/// issues it for all threads (<see cref="Interlocked.MemoryBarrierProcessWide"/>, microseconds), and asks for fences from then on. All
/// else is done under a lock.
/// </summary>
internal sealed partial class PipeLink
{
    /// <summary>How often a side publishes without being waited for before it leaves out its fence: what those fences took is what a wait takes then.</summary>
    private const int FencedFor = 256;

    // Guards the completions, the waiters, and every flag of the attention but the fences.
    private readonly Lock _lock = new();
    private readonly PipeOptions _options;
    private PipeWords _words;
    private int _flushesNotWaitedFor;
    private int _readsNotWaitedFor;

    private readonly RetainOptions _retain;
    private PinnedBytes? _pinned;

    internal PipeLink(PipeOptions options, RetainOptions retain, SegmentSource source)
    {
        (_options, _retain) = (options, retain);
        _pinned = CreatePinned();
        Keeper = new PartKeeper(source, retain);
        _readWaiter = new PipeWaiter(options.UseSynchronizationContext);
        _flushWaiter = new PipeWaiter(options.UseSynchronizationContext);
        Reader = new RegionPipeReader(this);
        _words.Set(PipeAttention.Fences);
    }

    internal RegionPipeReader Reader { get; }

    /// <summary>The writer of a pipe; null for a link of a broadcast.</summary>
    internal RegionPipeWriter? Writer { get; set; }

    /// <summary>The broadcast that the link is of; null for that of a pipe.</summary>
    internal BroadcastHub? Hub { get; init; }

    internal PartKeeper Keeper { get; }

    /// <summary>Where what is retained counts; null if it does not.</summary>
    internal PinnedBytes? Pinned => _pinned;

    /// <summary>The first segment that was ever written to. Read after <see cref="Flushed"/>.</summary>
    internal PipeSegment? First { get; set; }

    /// <summary>The number of bytes flushed so far.</summary>
    internal long Flushed => _words.Flushed;

    /// <summary>Whether nothing asks for attention.</summary>
    internal bool IsCalm => (_words.Attention & ~PipeAttention.Fences) == PipeAttention.None;

    internal bool IsReaderDone => Has(PipeAttention.ReaderDone);

    // Flushed and not examined.
    private long Unread => _words.Flushed - _words.Examined;

    // What the thresholds are about.
    private long Load => Unread + (_pinned?.Count ?? 0);

    /// <summary>The number of bytes before a position that have not been examined.</summary>
    internal long UnreadOf(long position) => position - _words.Examined;

    /// <summary>For the writer: what was written before is flushed.</summary>
    /// <returns>Whether nothing but that is to be done: else <see cref="FlushAsync"/> follows.</returns>
    internal bool Publish(long flushed)
    {
        _words.Flushed = flushed;
        if (Has(PipeAttention.WriterFences))
        {
            Fence(PipeAttention.WriterFences, PipeAttention.ReaderWaits, ref _flushesNotWaitedFor);
        }

        return IsCalm && (_options.PauseWriterThreshold <= 0 || flushed - _words.Examined + (_pinned?.Count ?? 0) < _options.PauseWriterThreshold);
    }

    /// <summary>For the reader: what is before has been examined.</summary>
    internal void Examine(long examined)
    {
        _words.Examined = examined;
        if (Has(PipeAttention.ReaderFences))
        {
            Fence(PipeAttention.ReaderFences, PipeAttention.WriterPaused, ref _readsNotWaitedFor);
        }

        if (Has(PipeAttention.WriterPaused))
        {
            ResumeIfRead();
        }
    }

    /// <summary>What was retained counts for less than before.</summary>
    internal void Unpinned()
    {
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
            _words.Reset();

            // What is still retained counted for the pipe as it was.
            _pinned = CreatePinned();
            _pinnedBefore = 0;
            Reader.Reset();
            Writer?.Reset();
        }
    }

    private void Fence(PipeAttention fences, PipeAttention wait, ref int notWaitedFor)
    {
        Interlocked.MemoryBarrier();
        notWaitedFor = Has(wait) ? 0 : notWaitedFor + 1;
        if (notWaitedFor == FencedFor)
        {
            // A wait that begins before this step is seen by the look that follows, one that begins after it issues the fence.
            notWaitedFor = 0;
            _words.Clear(fences);
        }
    }

    // Whoever waits looks again after this.
    private void SetWait(PipeAttention wait, PipeAttention fences)
    {
        if ((_words.Set(wait | fences) & fences) == 0)
        {
            Interlocked.MemoryBarrierProcessWide();
        }
    }

    private PinnedBytes? CreatePinned() => _retain.CountsAgainstPauseThreshold ? new PinnedBytes(this) : null;

    private bool Has(PipeAttention flags) => (_words.Attention & flags) != 0;
}
