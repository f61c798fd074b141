namespace FastBuffers.Locking;

/// <summary>
/// Those who wait for one domain. There is one as long as somebody waits. For the holder of the lock of its <see cref="WaitBucket"/>.
/// </summary>
/// <remarks>
/// Among waiters whose wishes conflict, who came first is served first; the others pass each other freely. A waiter is taken out with its
/// hold taken, and with it all whom that hold leaves room for.
/// </remarks>
internal sealed class WaitQueue
{
    // How many waiters are served before the lock is left for a moment. Arbitrary.
    private const int Batch = 256;

    // How many groups are kept for others to come. Arbitrary.
    private const int MaxSpares = 16;

    private readonly List<WaitGroup> _found = [];
    private WaitIndex _index;

    // Groups for others to come, linked through them.
    private WaitGroup? _spare;
    private int _spares;
    private long _numbers;

    // Those who try in a loop before they wait, and where waiters were not served because one of them may be faster.
    private int _spinners;
    private long _skippedStart = long.MaxValue;
    private long _skippedEnd;

    /// <summary>The domain.</summary>
    internal HoldDomain Domain { get; private set; } = null!;

    /// <summary>The next queue of the bucket.</summary>
    internal WaitQueue? Next { get; set; }

    /// <summary>How many wait.</summary>
    internal int Count { get; private set; }

    /// <summary>Whether nobody needs the queue any more.</summary>
    internal bool IsIdle => Count == 0 && _spinners == 0;

    /// <summary>Becomes the queue of a domain.</summary>
    internal void Open(HoldDomain domain) => Domain = domain;

    /// <summary>Forgets the domain.</summary>
    internal void Close() => Domain = null!;

    /// <summary>Adds all who wait to a list that has room for them.</summary>
    internal void ListWaiters(List<QueuedWait> waiters) => _index.ListWaiters(waiters);

    /// <summary>Adds a waiter behind all others.</summary>
    internal void Add(HoldWaiter waiter)
    {
        waiter.Number = ++_numbers;
        WaitGroup fresh = RentGroup();
        fresh.Describe(waiter);
        WaitGroup? group = _index.Find(fresh);
        if (group is null)
        {
            fresh.Add(waiter);
            _index.Add(fresh);
        }
        else
        {
            group.Add(waiter);
            ReturnGroup(fresh);
        }

        waiter.IsQueued = true;
        Count++;
    }

    /// <summary>Takes a waiter out. Those behind it may have room then: see <see cref="Serve"/>.</summary>
    internal void Remove(HoldWaiter waiter)
    {
        WaitGroup group = waiter.Group!;
        bool first = group.First == waiter;
        if (first && waiter.Next is null)
        {
            _index.Remove(group);
            group.Remove(waiter);
            ReturnGroup(group);
        }
        else
        {
            group.Remove(waiter);
            if (first)
            {
                _index.Refresh(group);
            }
        }

        waiter.IsQueued = false;
        Count--;
    }

    /// <summary>Ends the wait of one who has just come, if nobody who came before is in its way and nothing else is.</summary>
    internal bool TryEnd(HoldWaiter waiter)
    {
        bool ended = waiter.TryDismiss() || (!IsBehind(waiter) && waiter.TryEnd());
        if (ended)
        {
            Remove(waiter);
        }

        return ended;
    }

    /// <summary>Serves those for whom there may be room in [start, end). True when there may be more of them.</summary>
    /// <param name="start">The first byte. Lowered, if somebody further left may have room too.</param>
    /// <param name="end">The byte after the last. Raised likewise.</param>
    /// <param name="done">Those who were taken out, to be completed without the lock.</param>
    /// <param name="yields">Whether those who spin may pass the waiters, as far as fairness lets them: see <see cref="EndSpinning"/>.</param>
    internal bool Serve(ref long start, ref long end, ref HoldWaiter? done, bool yields = false)
    {
        int left = Batch;
        bool again = true;
        while (again)
        {
            again = false;
            _found.Clear();
            _index.Collect(_found, Admissible(), start, end);
            foreach (WaitGroup group in _found)
            {
                while (group.First is { } waiter && !IsBehind(waiter) && !Skips(waiter, yields) && waiter.TryEnd())
                {
                    if (waiter.Failure is not null)
                    {
                        // It leaves its place to those behind it, as one who is cancelled does.
                        (start, end, again) = (Math.Min(start, group.Start), Math.Max(end, group.End), true);
                    }

                    Finish(waiter, ref done);
                    if (--left == 0)
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    /// <summary>Takes out all who can never get what they want: the domain is retired, frozen, or has been resized.</summary>
    internal void Dismiss(ref HoldWaiter? done)
    {
        _found.Clear();
        _index.Collect(_found, ConflictTable.EveryKind, -1, long.MaxValue);
        foreach (WaitGroup group in _found)
        {
            // All of a group want the same.
            while (group.First is { } waiter && waiter.TryDismiss())
            {
                Finish(waiter, ref done);
            }
        }
    }

    /// <summary>
    /// Finds the waiters that a hold would pass over; false if what one of them wants is reserved for it.
    /// </summary>
    /// <param name="from">The kind that the hold has now: those in whose way it is anyhow are not passed over. None for a new hold.</param>
    /// <param name="index">The kind that it would have.</param>
    /// <param name="request">Where.</param>
    /// <param name="clock">A clock, besides the system's, that was read.</param>
    /// <param name="now">What it showed.</param>
    /// <param name="missing">A clock that has to be read first, without the lock, while <paramref name="clock"/> is null.</param>
    internal bool MayPass(HoldKind from, int index, in RangeRequest request, TimeProvider? clock, long now, out TimeProvider? missing)
    {
        missing = null;
        CollectPassed(from, index, request);
        foreach (WaitGroup group in _found)
        {
            HoldWaiter first = group.First!;
            TimeSpan elapsed = TimeSpan.Zero;
            if (first.Clock is null)
            {
                elapsed = TimeProvider.System.GetElapsedTime(first.Since);
            }
            else if (first.Clock == clock)
            {
                elapsed = clock.GetElapsedTime(first.Since, now);
            }
            else if (clock is null)
            {
                missing = first.Clock;
            }

            if (first.IsReserved(group.Passed, elapsed))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Counts that those were passed over that <see cref="MayPass"/> has found.</summary>
    internal void NotePassing()
    {
        foreach (WaitGroup group in _found)
        {
            group.Passed++;
        }
    }

    /// <summary>Finds those who are passed over by a hold: as <see cref="MayPass"/>.</summary>
    internal void CollectPassed(HoldKind from, int index, in RangeRequest request)
    {
        _found.Clear();
        _index.CollectConflicts(_found, ConflictTable.With(index), request.Start, request.End);
        if (from != HoldKind.None)
        {
            HoldKind before = ConflictTable.With(ConflictTable.Index(from));
            (long start, long end) = (request.Start, request.End);
            _found.RemoveAll(group => group.ConflictsWith(before, start, end));
        }
    }

    /// <summary>Notes one who tries in a loop before it waits. <see cref="EndSpinning"/> must follow, soon.</summary>
    internal void BeginSpinning() => _spinners++;

    /// <summary>
    /// Ends what <see cref="BeginSpinning"/> began. Whom a release did not serve because of it (or of another who spins) is served now; or by the
    /// end of the hold that it has got, if that is in the way of all of them.
    /// </summary>
    /// <param name="taken">What it has got, if anything.</param>
    /// <param name="done">Those who were taken out, to be completed without the lock.</param>
    /// <returns>Where there may be room for more of them.</returns>
    internal (long Start, long End) EndSpinning(in HoldRequestPart? taken, ref HoldWaiter? done)
    {
        _spinners--;
        (long start, long end) = (_skippedStart, _skippedEnd);
        (_skippedStart, _skippedEnd) = (long.MaxValue, 0);
        bool covers = taken is { Kind: HoldKind.Exclusive } hold && hold.Request.Start <= start && hold.Request.End >= end;
        return start < end && !covers && Serve(ref start, ref end, ref done) ? (start, end) : (0, 0);
    }

    // A thread that runs takes over in a fraction of the time that a sleeping one needs to wake up. Nothing is lost by leaving the room to it:
    // it notices what it left when it ends to spin.
    private bool Skips(HoldWaiter waiter, bool yields)
    {
        if (!yields || _spinners == 0)
        {
            return false;
        }

        WaitGroup group = waiter.Group!;
        TimeSpan elapsed = waiter.Clock is null ? TimeProvider.System.GetElapsedTime(waiter.Since) : TimeSpan.Zero;
        if (waiter.IsReserved(group.Passed, elapsed))
        {
            return false;
        }

        (_skippedStart, _skippedEnd) = (Math.Min(_skippedStart, group.Start), Math.Max(_skippedEnd, group.End));
        return true;
    }

    private WaitGroup RentGroup()
    {
        if (_spare is not { } group)
        {
            return new WaitGroup();
        }

        _spare = group.Right;
        _spares--;
        return group;
    }

    private void ReturnGroup(WaitGroup group)
    {
        if (_spares < MaxSpares)
        {
            group.Right = _spare;
            _spare = group;
            _spares++;
        }
    }

    private void Finish(HoldWaiter waiter, ref HoldWaiter? done)
    {
        Remove(waiter);
        waiter.Next = done;
        done = waiter;
    }

    // The kinds that no hold on the whole domain is in the way of.
    private HoldKind Admissible()
    {
        long word = Domain.Tracker.Word;
        HoldKind kinds = HoldKind.None;
        for (int index = 0; index < ConflictTable.KindCount; index++)
        {
            kinds |= HoldWord.Blocks(word, index) ? HoldKind.None : ConflictTable.Kind(index);
        }

        return kinds;
    }

    private bool IsBehind(HoldWaiter waiter)
    {
        foreach (ref readonly HoldRequestPart part in waiter.Parts)
        {
            if (_index.HasEarlier(ConflictTable.With(part.Index), part.Request.Start, part.Request.End, waiter.Number))
            {
                return true;
            }
        }

        return false;
    }
}
