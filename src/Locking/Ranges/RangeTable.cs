using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

/// <summary>
/// The holds on parts of one domain, and its appender. Everything here is for the holder of its lock (<see cref="Enter"/>), except what
/// says otherwise. Whole-domain holds are in the tracker's word; see <see cref="Tracker"/> for how the two decide together.
/// </summary>
/// <remarks>
/// Ranges are kept in chunks, sorted by where the ranges start: finding a chunk is a binary search, and a chunk is scanned. A hold's
/// identity is a slot; entries have none, and move. Nothing is allocated under the lock: see <see cref="HasRoom"/>.
/// </remarks>
internal sealed partial class RangeTable
{
    private const int FirstSlots = 8;

    private ShortLock _lock;
    private int _count;
    private Frontier? _frontier;

    // Whether there is one range, which is in no chunk and has the uppermost unused slot: the case of one holder at a time, which is
    // worth a third of its cost.
    private bool _isLone;

    // A stack of unused slots, as long as there are slots. What is taken from it is not cleared: as a rule it comes back to its place.
    private RangeSlot[] _free;
    private int _freeCount;

    internal RangeTable(HoldDomain domain)
    {
        Domain = domain;
        RangeRoom room = new() { Slots = FirstSlots };
        room.Allocate(this);
        _free = [];
        Supply(room);
    }

    internal HoldDomain Domain { get; }

    /// <summary>The number of ranges, without the appender's. Without the lock it is out of date as soon as it is read.</summary>
    internal int Count => Volatile.Read(ref _count) + (Volatile.Read(ref _isLone) ? 1 : 0);

    /// <summary>The number of holds, the appender's too. Without the lock it is out of date as soon as it is read.</summary>
    internal int Holds => Count + (Frontier is null ? 0 : 1);

    /// <summary>The appender's frontier, or null. Without the lock it is out of date as soon as it is read.</summary>
    internal Frontier? Frontier => Volatile.Read(ref _frontier);

    /// <summary>Whether no part is held.</summary>
    internal bool IsEmpty => Count == 0 && Frontier is null;

    internal void Enter()
    {
        _lock.Enter();
        if (Volatile.Read(ref _isLone))
        {
            Settle();
        }
    }

    internal void Exit() => _lock.Exit();

    /// <summary>As <see cref="Enter"/>, for <see cref="TryAddSimple"/> and nothing else.</summary>
    internal void EnterSimple() => _lock.Enter();

    /// <summary>Whether a hold of a kind on [start, end) is refused because of a hold here.</summary>
    internal bool Blocks(int kind, long start, long end) =>
        IsBlockedByAppender(kind, end) || Overlaps(ConflictTable.With(kind), start, end, Find(start));

    /// <summary>The same for the whole domain.</summary>
    internal bool BlocksWhole(int kind) => Blocks(kind, 0, Frontier?.End ?? long.MaxValue);

    /// <summary>
    /// Adds a range if nothing is in its way and nothing out of the ordinary has to be done for it; <c>default</c> says nothing, and the
    /// others decide.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal HoldToken TryAddSimple(int kind, long start, long end)
    {
        if (Volatile.Read(ref _count) == 0 && !Volatile.Read(ref _isLone) && Frontier is null)
        {
            Volatile.Write(ref _isLone, true);
            RangeSlot slot = _free[_freeCount - 1];
            return new HoldToken(slot, slot.Begin(new(start, end, ConflictTable.Kind(kind))));
        }

        return TryAddAmong(kind, start, end);
    }

    /// <summary>Adds a range, for which <see cref="HasRoom"/> has said that there is room.</summary>
    internal RangeSlot Add(in RangeEntry entry, out long token)
    {
        int index = Find(entry.Start);
        if (_chunks[index].IsFull)
        {
            MakeRoom(index);
            index = Find(entry.Start);
        }

        return Add(_chunks[index], entry, out token);
    }

    /// <summary>Takes a range out, if its hold is alive. Enters and leaves the lock.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryRemove(RangeSlot slot, long token)
    {
        _lock.Enter();
        bool alive = slot.IsAlive(token);
        if (alive)
        {
            RemoveAny(slot);
        }

        _lock.Exit();
        return alive;
    }

    /// <summary>As <see cref="TryRemove"/>, for the one who ends a live hold that has a ticket.</summary>
    internal void RemoveUnderLock(RangeSlot slot)
    {
        _lock.Enter();
        RemoveAny(slot);
        _lock.Exit();
    }

    /// <summary>Takes a live range out.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Remove(RangeSlot slot)
    {
        RangeChunk chunk = slot.Chunk!;
        if (!chunk.TryRemove(slot.Entry))
        {
            chunk = _chunks[Find(slot.Entry.Start)];
            chunk.TryRemove(slot.Entry);
        }

        if (chunk.Count == 0)
        {
            Drop(chunk, slot.Entry.Start);
        }

        slot.End();
        Volatile.Write(ref _count, Volatile.Read(ref _count) - 1);
        if (!ReferenceEquals(_free[_freeCount], slot))
        {
            _free[_freeCount] = slot;
        }

        _freeCount++;
    }

    /// <summary>Gives a live range another kind, or another end. For one whose hold has a ticket: its token here changes.</summary>
    internal void Replace(RangeSlot slot, in RangeEntry entry)
    {
        RangeChunk chunk = _chunks[Find(entry.Start)];
        chunk.TryRemove(slot.Entry);
        chunk.Add(entry);
        NoteLength(entry);
        slot.Begin(entry);
    }

    /// <summary>Whether another hold is in the way of another kind for a live range.</summary>
    internal bool BlocksChange(RangeSlot slot, int kind)
    {
        RangeEntry entry = slot.Entry;
        RangeChunk chunk = _chunks[Find(entry.Start)];
        chunk.TryRemove(entry);
        bool blocks = Blocks(kind, entry.Start, entry.End);
        chunk.Add(entry);
        return blocks;
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
            foreach (RangeEntry entry in chunk.Live)
            {
                if (entry.Start < end && entry.End > start && (entry.Kind & kinds) != 0)
                {
                    Put(destination, found++, entry);
                }
            }
        }

        if (Frontier is { } frontier && TryGetPart(frontier, kinds, start, end, out RangeEntry part))
        {
            Put(destination, found++, part);
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RemoveAny(RangeSlot slot)
    {
        if (Volatile.Read(ref _isLone))
        {
            slot.End();
            Volatile.Write(ref _isLone, false);
        }
        else
        {
            Remove(slot);
        }
    }

    // Puts the lone range where ranges are: into an empty table, which has room for one.
    private void Settle()
    {
        RangeSlot slot = _free[--_freeCount];
        RangeEntry entry = slot.Entry;
        slot.Chunk = _chunks[Find(entry.Start)];
        slot.Chunk.Add(entry);
        NoteLength(entry);
        Volatile.Write(ref _count, 1);
        Volatile.Write(ref _isLone, false);
    }

    // What the appender has in [start, end): all kinds are shut out from the frontier on, and Write and Exclusive below it.
    private static bool TryGetPart(Frontier frontier, HoldKind kinds, long start, long end, out RangeEntry part)
    {
        long position = frontier.Position;
        if ((kinds & HoldKind.Exclusive) != 0 && frontier.End > start && position < end)
        {
            part = new(position, frontier.End, HoldKind.Exclusive);
            return true;
        }

        part = new(0, position, HoldKind.Immutable);
        return (kinds & HoldKind.Immutable) != 0 && position > start;
    }

    private static void Put(Span<RangeEntry> destination, int index, in RangeEntry entry)
    {
        if (index < destination.Length)
        {
            destination[index] = entry;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private HoldToken TryAddAmong(int kind, long start, long end)
    {
        if (Volatile.Read(ref _isLone))
        {
            Settle();
        }

        int index = Find(start);
        RangeChunk chunk = _chunks[index];
        if (_freeCount == 0
            || chunk.IsFull
            || Volatile.Read(ref _count) > HoldWord.MaxHolds / 2
            || IsBlockedByAppender(kind, end)
            || Overlaps(ConflictTable.With(kind), start, end, index))
        {
            return default;
        }

        RangeSlot slot = Add(chunk, new(start, end, ConflictTable.Kind(kind)), out long token);
        return new HoldToken(slot, token);
    }

    private RangeSlot Add(RangeChunk chunk, in RangeEntry entry, out long token)
    {
        RangeSlot slot = _free[--_freeCount];
        chunk.Add(entry);
        if (!ReferenceEquals(slot.Chunk, chunk))
        {
            slot.Chunk = chunk;
        }

        NoteLength(entry);
        Volatile.Write(ref _count, Volatile.Read(ref _count) + 1);
        token = slot.Begin(entry);
        return slot;
    }

    private void NoteLength(in RangeEntry entry)
    {
        if (_longest < entry.End - entry.Start)
        {
            _longest = entry.End - entry.Start;
        }
    }

    // Below the frontier Read and Immutable are welcome; it only rises, so that what was welcome stays so.
    private bool IsBlockedByAppender(int kind, long end) =>
        Frontier is { } frontier
        && (kind is ConflictTable.WriteIndex or ConflictTable.ExclusiveIndex || end > frontier.Position);
}
