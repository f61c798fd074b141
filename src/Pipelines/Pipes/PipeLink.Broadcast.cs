namespace FastBuffers.Pipelines;

// What a link of a broadcast does besides.
internal sealed partial class PipeLink
{
    /// <summary>Whether each step of the reader is under the lock, since what it reads too late is dropped.</summary>
    internal bool Drops => Has(PipeAttention.Drops);

    /// <summary>Has the reader begin in the middle of a stream.</summary>
    /// <param name="mark">Where. The segments from there on are the link's, too.</param>
    /// <param name="drops">Whether what is read too late is dropped.</param>
    internal void Begin(StreamMark mark, bool drops)
    {
        _words.Flushed = mark.Position;
        _words.Examined = mark.Position;
        Reader.Begin(mark);
        if (drops)
        {
            _words.Set(PipeAttention.Drops);
        }
    }

    /// <summary>For the writer: does what <see cref="Publish"/> left to do, and says whether the reader has too much to read.</summary>
    internal bool CommitAndPause(long bytes)
    {
        PipeContinuation reader;
        bool isPaused;
        lock (_lock)
        {
            reader = Commit(bytes);
            isPaused = Has(PipeAttention.WriterPaused);
        }

        reader.Schedule(_options.ReaderScheduler);
        return isPaused;
    }

    /// <summary>Has the reader leave out what is before a place if it has not consumed it.</summary>
    internal void DropBefore(StreamMark mark)
    {
        lock (_lock)
        {
            Reader.Drop(mark);
        }
    }

    /// <summary>Has the reader leave out all that there is.</summary>
    internal void DropAll()
    {
        lock (_lock)
        {
            Reader.Drop(new StreamMark(null, Flushed, Flushed));
        }
    }

    /// <summary>The number of bytes that the reader has not consumed.</summary>
    internal long Unconsumed
    {
        get
        {
            lock (_lock)
            {
                return Flushed - Reader.Consumed;
            }
        }
    }

    /// <summary>Releases the link's segments.</summary>
    internal void ReleaseAll()
    {
        lock (_lock)
        {
            Reader.ReleaseAll();
        }
    }

    /// <summary>Ends a read of a reader that drops.</summary>
    internal void AdvanceDropping(SequencePosition consumed, SequencePosition examined)
    {
        lock (_lock)
        {
            Reader.Advance(consumed, examined);
        }
    }

    /// <summary>All before this has been dropped, as if it had been read.</summary>
    internal void Dropped(long position) => _words.Examined = position;
}
