namespace FastBuffers.Locking;

/// <summary>
/// The holds on parts of one domain, and its appender. Everything here is for the holder of its lock (<see cref="Enter"/>), except what
/// says otherwise. Whole-domain holds are in the tracker's word; see <see cref="Tracker"/> for how the two decide together.
/// </summary>
/// <remarks>
/// Ranges are kept in chunks, sorted by where the ranges start: finding a chunk is a binary search, and a chunk is scanned. A hold's
/// identity is a slot, because entries move. Nothing is allocated under the lock: see <see cref="HasRoom"/>.
/// </remarks>
internal sealed partial class RangeTable(HoldDomain domain)
{
    private ShortLock _lock;
    private KindCounts _kinds;
    private int _count;
    private Frontier? _frontier;

    internal HoldDomain Domain => domain;

    /// <summary>The number of ranges, without the appender's. Without the lock it is out of date as soon as it is read.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>The appender's frontier, or null. Without the lock it is out of date as soon as it is read.</summary>
    internal Frontier? Frontier => Volatile.Read(ref _frontier);

    /// <summary>Whether no part is held.</summary>
    internal bool IsEmpty => Count == 0 && Frontier is null;

    internal void Enter() => _lock.Enter();

    internal void Exit() => _lock.Exit();

    /// <summary>Whether a hold of a kind on [start, end) is refused because of a hold here, other than the given one.</summary>
    internal bool Blocks(int kind, long start, long end, long except = 0) =>
        IsBlockedByAppender(kind, end)
        || ((_kinds.Present & ConflictTable.With(kind)) != 0 && Overlaps(ConflictTable.With(kind), start, end, except));

    /// <summary>The same for the whole domain. No range is without bytes, so each one counts.</summary>
    internal bool BlocksWhole(int kind) =>
        (_kinds.Present & ConflictTable.With(kind)) != 0 || IsBlockedByAppender(kind, Frontier?.End ?? 0);

    /// <summary>Adds a range, for which <see cref="HasRoom"/> has said that there is room.</summary>
    /// <returns>Its token.</returns>
    internal long Add(int kind, long start, long end)
    {
        int slot = TakeSlot();
        Insert(new RangeEntry { Start = start, End = end, Slot = slot, Kind = kind });
        _kinds.Add(kind);
        Volatile.Write(ref _count, Count + 1);
        return Occupy(slot, kind, start, end);
    }

    /// <summary>Takes a range out; false when its hold had ended before.</summary>
    internal bool TryRemove(long token)
    {
        if (!TryGetRange(token, out long start, out _))
        {
            return false;
        }

        int slot = RangeToken.Slot(token);
        _kinds.Remove(Delete(slot, start));
        Vacate(slot, token);
        Volatile.Write(ref _count, Count - 1);
        if (Count == 0)
        {
            _longest = 0;
        }

        return true;
    }

    /// <summary>The kind's index of a live range.</summary>
    internal int KindOf(long token) => EntryOf(token, out _).Kind;

    /// <summary>Gives a live range another kind.</summary>
    internal void SetKind(long token, int kind)
    {
        ref RangeEntry entry = ref EntryOf(token, out RangeChunk chunk);
        chunk.Kinds.Remove(entry.Kind);
        _kinds.Remove(entry.Kind);
        entry.Kind = kind;
        chunk.Kinds.Add(kind);
        _kinds.Add(kind);
    }

    /// <summary>Makes a live range two, which meet at a place inside of it. Both have new tokens.</summary>
    internal void Split(long token, long at, out long left, out long right)
    {
        ref RangeEntry entry = ref EntryOf(token, out _);
        (int kind, long start, long end) = (entry.Kind, entry.Start, entry.End);
        left = Renew(ref entry, token, start, at);
        right = Add(kind, at, end);
    }

    /// <summary>Makes two live ranges, of which the second begins where the first ends, one with a new token.</summary>
    internal long Join(long left, long right)
    {
        TryGetRange(right, out _, out long end);
        TryRemove(right);
        ref RangeEntry entry = ref EntryOf(left, out RangeChunk chunk);
        chunk.MaxEnd = Math.Max(chunk.MaxEnd, end);
        _longest = Math.Max(_longest, end - entry.Start);
        return Renew(ref entry, left, entry.Start, end);
    }

    /// <summary>Lets an appender in. There must be no hold on any byte.</summary>
    internal void BeginAppend(Frontier frontier) => Volatile.Write(ref _frontier, frontier);

    /// <summary>Ends the appender.</summary>
    internal void EndAppend() => Volatile.Write(ref _frontier, null);

    /// <summary>
    /// Copies what is held to where it has room, those of the given kinds that share a byte with [start, end) only; counts all of them.
    /// </summary>
    internal int CopyTo(Span<RangeEntry> destination, HoldKind kinds, long start, long end)
    {
        int found = 0;
        foreach (RangeChunk chunk in _chunks.AsSpan(0, _chunkCount))
        {
            foreach (ref readonly RangeEntry entry in chunk.Live)
            {
                if (entry.Start < end && entry.End > start && (ConflictTable.Kind(entry.Kind) & kinds) != 0)
                {
                    Put(destination, found++, entry);
                }
            }
        }

        if (Frontier is { } frontier && (kinds & HoldKind.Exclusive) != 0 && frontier.End > start && frontier.Position < end)
        {
            Put(destination, found++, new() { Start = frontier.Position, End = frontier.End, Kind = ConflictTable.ExclusiveIndex });
        }

        return found;
    }

    // Ends the hold of an entry and makes the entry, with another end, that of a new one.
    private long Renew(ref RangeEntry entry, long token, long start, long end)
    {
        int slot = TakeSlot();
        Slot(slot).Position = Slot(entry.Slot).Position;
        Vacate(entry.Slot, token);
        entry.Slot = slot;
        entry.End = end;
        return Occupy(slot, entry.Kind, start, end);
    }

    private static void Put(Span<RangeEntry> destination, int index, in RangeEntry entry)
    {
        if (index < destination.Length)
        {
            destination[index] = entry;
        }
    }

    // Below the frontier Read and Immutable are welcome; it only rises, so that what was welcome stays so.
    private bool IsBlockedByAppender(int kind, long end) =>
        Frontier is { } frontier
        && (kind is ConflictTable.WriteIndex or ConflictTable.ExclusiveIndex || end > frontier.Position);
}
