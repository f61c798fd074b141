namespace FastBuffers.Locking;

// Where the ranges are: chunks in the order of their starts.
internal sealed partial class RangeTable
{
    private const int FirstChunkLength = 8;
    private const int ChunkLength = 64;

    // Ranges that start at _lowers[i] or later, and before _lowers[i + 1], are in chunk i.
    private long[] _lowers = new long[4];
    private RangeChunk[] _chunks = [new(FirstChunkLength), null!, null!, null!];
    private int _chunkCount = 1;

    // For the next chunk that is full.
    private RangeChunk? _spare;

    // No range is longer than this: bounds how far to the left of a place a range that covers it can start.
    private long _longest;

    /// <summary>Whether so many slots and one more range that starts here fit in without allocation.</summary>
    /// <param name="start">Where the range starts.</param>
    /// <param name="slots">The number of slots.</param>
    /// <param name="missing">What is short, else: allocate it outside the lock, then <see cref="Supply"/> it, and ask again.</param>
    internal bool HasRoom(long start, int slots, out RangeRoom missing)
    {
        missing = default;
        missing.PageLength = MissingPage(slots);
        RangeChunk chunk = _chunks[Find(start)];
        if (chunk.IsFull)
        {
            bool splits = Splits(chunk, out _);
            int needed = splits ? chunk.Count : Math.Max(ChunkLength, 2 * chunk.Count);
            missing.ChunkLength = _spare is { } spare && spare.Entries.Length >= needed ? 0 : needed;
            missing.OrderLength = splits && _chunkCount == _chunks.Length ? 2 * _chunkCount : 0;
        }

        return missing.IsNone;
    }

    /// <summary>Takes what was allocated, as far as it is still missing.</summary>
    internal void Supply(in RangeRoom room)
    {
        AddPage(room.Page);
        if (room.Chunk is { } chunk && (_spare is null || _spare.Entries.Length < chunk.Entries.Length))
        {
            _spare = chunk;
        }

        if (room.Chunks is { } chunks && chunks.Length > _chunks.Length)
        {
            _chunks.CopyTo(chunks, 0);
            _lowers.CopyTo(room.Lowers!, 0);
            _chunks = chunks;
            _lowers = room.Lowers!;
        }
    }

    private static bool Splits(RangeChunk chunk, out long pivot)
    {
        pivot = 0;
        return chunk.Count >= ChunkLength && chunk.CanSplit(out pivot);
    }

    // The chunk for ranges that start here: the last whose lower bound is not above.
    private int Find(long start)
    {
        long[] lowers = _lowers;
        int low = 0;
        int high = _chunkCount - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (lowers[middle] <= start)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    private bool Overlaps(HoldKind kinds, long start, long end, long except)
    {
        // No token is 0: each has Live set.
        int exceptSlot = except == 0 ? None : RangeToken.Slot(except);
        for (int i = Find(end - 1); i >= 0; i--)
        {
            RangeChunk chunk = _chunks[i];
            if (chunk.MaxEnd > start && (chunk.Kinds.Present & kinds) != 0 && chunk.Overlaps(kinds, start, end, exceptSlot))
            {
                return true;
            }

            // What is further left starts before this lower bound.
            if (_lowers[i] <= start - _longest)
            {
                break;
            }
        }

        return false;
    }

    private ref RangeEntry EntryOf(long token, out RangeChunk chunk)
    {
        ref RangeSlot slot = ref Slot(RangeToken.Slot(token));
        chunk = _chunks[Find(Volatile.Read(ref slot.Start))];
        return ref chunk.Entries[slot.Position];
    }

    private void Insert(in RangeEntry entry)
    {
        int index = Find(entry.Start);
        if (_chunks[index].IsFull)
        {
            MakeRoom(index);
            index = Find(entry.Start);
        }

        Append(_chunks[index], entry);
        _longest = Math.Max(_longest, entry.End - entry.Start);
    }

    // Takes the entry of a slot out; its kind's index.
    private int Delete(int slot, long start)
    {
        int index = Find(start);
        RangeChunk chunk = _chunks[index];
        int position = Slot(slot).Position;
        int kind = chunk.Entries[position].Kind;
        chunk.RemoveAt(position);
        if (position < chunk.Count)
        {
            Slot(chunk.Entries[position].Slot).Position = position;
        }
        else if (chunk.Count == 0)
        {
            DropChunk(index);
        }

        return kind;
    }

    private void Append(RangeChunk chunk, in RangeEntry entry)
    {
        Slot(entry.Slot).Position = chunk.Count;
        chunk.Add(entry);
    }

    // Splits a full chunk, or makes it larger if all its ranges start at one place or it is not as large yet as chunks become.
    private void MakeRoom(int index)
    {
        RangeChunk full = _chunks[index];
        RangeChunk spare = _spare!;
        _spare = null;
        if (!Splits(full, out long pivot))
        {
            full.Live.CopyTo(spare.Entries);
            full.Entries = spare.Entries;
            return;
        }

        int after = _chunkCount - index - 1;
        Array.Copy(_chunks, index + 1, _chunks, index + 2, after);
        Array.Copy(_lowers, index + 1, _lowers, index + 2, after);
        _chunks[index + 1] = spare;
        _lowers[index + 1] = pivot;
        _chunkCount++;

        Span<RangeEntry> entries = full.Live;
        full.Clear();
        foreach (RangeEntry entry in entries)
        {
            Append(entry.Start < pivot ? full : spare, entry);
        }
    }

    // Takes an empty chunk out, unless it is the only one; its neighbour covers its place from then on.
    private void DropChunk(int index)
    {
        if (_chunkCount == 1)
        {
            return;
        }

        RangeChunk dropped = _chunks[index];
        if (_spare is null || _spare.Entries.Length < dropped.Entries.Length)
        {
            _spare = dropped;
        }

        _chunkCount--;
        Array.Copy(_chunks, index + 1, _chunks, index, _chunkCount - index);
        Array.Copy(_lowers, index + 1, _lowers, index, _chunkCount - index);
        _chunks[_chunkCount] = null!;
        _lowers[0] = 0;
    }
}
