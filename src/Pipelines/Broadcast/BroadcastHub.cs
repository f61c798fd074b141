using System.Diagnostics.CodeAnalysis;

namespace FastBuffers.Pipelines;

/// <summary>
/// The readers of a broadcast, and the segments that are written. Each reader has a link as that of a pipe, and a use of each segment from
/// where it is up to the last. Lock order: the hub's lock, then a link's.
/// </summary>
/// <param name="options">Of the broadcast.</param>
[SuppressMessage("Design", "CA1001", Justification = "Segments are given back by their last user.")]
internal sealed class BroadcastHub(PipeOptions options)
{
    private static readonly RetainOptions s_retain = new() { CountsAgainstPauseThreshold = false };

    private readonly Lock _lock = new();
    private readonly SegmentSource _source = new(options);

    // The ends of flushes that a reader may go on at. Kept while there are readers that drop.
    private readonly Queue<StreamMark> _marks = new();

    // Replaced, never changed: the writer goes through them without the lock.
    private BroadcastReader[] _readers = [];

    // From the segment of what is flushed up to the one that is written, the writer's own uses.
    private BroadcastSegment? _first;
    private BroadcastSegment? _current;
    private long _firstStart;
    private long _flushed;
    private bool _isCompleted;
    private Exception? _error;

    /// <summary>Adds a reader.</summary>
    internal RegionPipeReader Subscribe(BroadcastReaderOptions reader)
    {
        bool drops = reader.SlowReader != SlowReaderPolicy.Wait;
        PipeOptions own = new(
            options.Pool,
            options.ReaderScheduler,
            options.WriterScheduler,
            drops ? 0 : reader.MaxUnreadBytes,
            drops ? 0 : (reader.MaxUnreadBytes + 1) / 2,
            options.MinimumSegmentSize,
            options.UseSynchronizationContext);
        PipeLink link = new(own, s_retain, _source) { Hub = this };
        lock (_lock)
        {
            if (!_isCompleted)
            {
                _current ??= _first = new BroadcastSegment(_source.RentLease(unread: 0, sizeHint: 0), users: 1);
                link.Begin(new StreamMark(_first, _firstStart, _flushed), drops);
                for (BroadcastSegment? segment = _first; segment is not null; segment = (BroadcastSegment?)segment.Next)
                {
                    segment.AddUser();
                }

                _readers = [.. _readers, new BroadcastReader(link, reader)];
                return link.Reader;
            }
        }

        link.CompleteWriter(_error);
        return link.Reader;
    }

    /// <summary>Ends a reader's subscription.</summary>
    internal void Leave(PipeLink link)
    {
        lock (_lock)
        {
            _readers = Array.FindAll(_readers, reader => !ReferenceEquals(reader.Link, link));
            link.ReleaseAll();
        }
    }

    /// <summary>The segment that is written.</summary>
    /// <param name="written">The number of bytes in the one before it; it is left if there is one.</param>
    /// <param name="sizeHint">The number of bytes that it must have at least.</param>
    internal PipeSegment NextSegment(int written, int sizeHint)
    {
        lock (_lock)
        {
            if (_current is { } first && written == 0 && first.Capacity >= Math.Max(1, sizeHint))
            {
                // That of a reader that came before the first byte.
                return first;
            }

            // At least as long as what went into the one before it.
            BroadcastSegment next = new(_source.RentLease(unread: written, sizeHint), _readers.Length + 1);
            _current?.Seal(written, next);
            _first ??= next;
            return _current = next;
        }
    }

    /// <summary>Flushes what is written up to a place, and returns the links whose readers have too much to read; null if there are none.</summary>
    internal List<PipeLink>? Flush(long written)
    {
        long bytes = written - _flushed;
        BroadcastReader[] readers;
        lock (_lock)
        {
            _flushed = written;
            PassFlushed();
            readers = _readers;
        }

        List<PipeLink>? paused = null;
        bool anyDrops = false;
        foreach (BroadcastReader reader in readers)
        {
            anyDrops |= reader.Drops;
            if (!reader.Link.Publish(written) && reader.Link.CommitAndPause(bytes))
            {
                (paused ??= []).Add(reader.Link);
            }
        }

        if (anyDrops)
        {
            DropLate();
        }

        return paused;
    }

    /// <summary>Completes all readers.</summary>
    internal void Complete(Exception? error)
    {
        BroadcastReader[] readers;
        lock (_lock)
        {
            if (_isCompleted)
            {
                return;
            }

            (_isCompleted, _error) = (true, error);
            readers = _readers;
            PipeSegment? segment = _first;
            while (segment is not null)
            {
                segment = segment.Release(null);
            }

            _first = _current = null;
            _marks.Clear();
        }

        foreach (BroadcastReader reader in readers)
        {
            reader.Link.CompleteWriter(error);
        }
    }

    // Gives up the writer's uses of the segments before what is flushed.
    private void PassFlushed()
    {
        while (_first?.Next is BroadcastSegment next && _flushed >= _firstStart + _first.SealedLength)
        {
            _firstStart += _first.SealedLength;
            _first.Release(null);
            _first = next;
        }
    }

    private void DropLate()
    {
        List<PipeLink>? dropped = null;
        lock (_lock)
        {
            _marks.Enqueue(new StreamMark(_first, _firstStart, _flushed));
            long longest = 0;
            foreach (BroadcastReader reader in _readers)
            {
                if (!reader.Drops)
                {
                    continue;
                }

                long limit = reader.Options.MaxUnreadBytes;
                longest = Math.Max(longest, limit);
                if (reader.Link.Unconsumed <= limit)
                {
                    continue;
                }

                if (reader.Options.SlowReader == SlowReaderPolicy.DropOldest)
                {
                    reader.Link.DropBefore(MarkFrom(_flushed - limit));
                }
                else
                {
                    (dropped ??= []).Add(reader.Link);
                    reader.Link.DropAll();
                }
            }

            if (dropped is not null)
            {
                _readers = Array.FindAll(_readers, reader => !dropped.Contains(reader.Link));
            }

            while (_marks.TryPeek(out StreamMark oldest) && oldest.Position < _flushed - longest)
            {
                _marks.Dequeue();
            }
        }

        dropped?.ForEach(static link => link.CompleteWriter(new BroadcastReaderDroppedException()));
    }

    private StreamMark MarkFrom(long position)
    {
        foreach (StreamMark mark in _marks)
        {
            if (mark.Position >= position)
            {
                return mark;
            }
        }

        return new StreamMark(_first, _firstStart, _flushed);
    }
}
