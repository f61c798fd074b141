using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

// Where the ranges are: chunks in the order of their starts.
internal sealed partial class RangeTable
{
    private const int FirstChunkLength = 8;
    private const int ChunkLength = 32;

    // Ranges that start at _lowers[i] or later, and before _lowers[i + 1], are in chunk i.
    private long[] _lowers = new long[4];
    private RangeChunk[] _chunks = [new(FirstChunkLength), null!, null!, null!];
    private int _chunkCount = 1;

    // For the next chunk that is full.
    private RangeChunk? _spare;

    // No range is longer than this: bounds how far to the left of a place a range that covers it can start.
    private long _longest;

    /// <summary>Whether so many slots and one more range that starts here fit in without allocation.</summary>
    internal bool HasRoom(long start, int slots) => _freeCount >= slots && (!_chunks[Find(start)].IsFull || Missing(start, slots).IsNone);

    /// <summary>What is short for them: allocate it outside the lock, then <see cref="Supply"/> it, and ask again.</summary>
    /// <param name="start">Where the range starts.</param>
    /// <param name="slots">The number of slots.</param>
    /// <param name="places">The number of ranges that may come into the same chunk.</param>
    internal RangeRoom Missing(long start, int slots, int places = 1)
    {
        RangeRoom missing = new() { Slots = _freeCount >= slots ? 0 : Math.Max(_free.Length, slots), OldSlots = _free.Length };
        RangeChunk chunk = _chunks[Find(start)];
        if (!chunk.HasRoom(places))
        {
            bool splits = Splits(chunk, out _);
            int needed = splits ? chunk.Count : Math.Max(Math.Max(ChunkLength, 2 * chunk.Count), chunk.Count + places);
            missing.ChunkLength = _spare is { } spare && spare.Capacity >= needed ? 0 : needed;
            missing.OrderLength = splits && _chunkCount == _chunks.Length ? 2 * _chunkCount : 0;
        }

        return missing;
    }

    /// <summary>Takes what was allocated, as far as it is still missing.</summary>
    internal void Supply(in RangeRoom room)
    {
        if (room.Stack is { } stack && room.OldSlots == _free.Length)
        {
            _free.AsSpan(0, _freeCount).CopyTo(stack);
            foreach (RangeSlot slot in stack.AsSpan(room.OldSlots))
            {
                stack[_freeCount++] = slot;
            }

            _free = stack;
        }

        if (room.Chunk is { } chunk && (_spare is null || _spare.Capacity < chunk.Capacity))
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Find(long start) => _chunkCount == 1 ? 0 : Search(start);

    private int Search(long start)
    {
        ReadOnlySpan<long> lowers = _lowers;
        int low = 0;
        for (int count = _chunkCount; count > 1;)
        {
            // Without a branch, which would be wrong every second time: all bits set when the start is below.
            int half = count >>> 1;
            low += half & ~(int)((start - lowers[low + half]) >> 63);
            count -= half;
        }

        return low;
    }

    // Whether a range of one of the kinds has a byte in [start, end); `index` is the chunk for ranges that begin at start.
    private bool Overlaps(HoldKind kinds, long start, long end, int index)
    {
        for (int i = index; ; i--)
        {
            if (_chunks[i].Overlaps(kinds, start, end))
            {
                return true;
            }

            // What is further left starts before this lower bound.
            if (i == 0 || _lowers[i] <= start - _longest)
            {
                break;
            }
        }

        for (int i = index + 1; i < _chunkCount && _lowers[i] < end; i++)
        {
            if (_chunks[i].Overlaps(kinds, start, end))
            {
                return true;
            }
        }

        return false;
    }

    // Splits a full chunk, or makes it larger if all its ranges start at one place or it is not as large yet as chunks become.
    private void MakeRoom(int index)
    {
        RangeChunk full = _chunks[index];
        RangeChunk spare = _spare!;
        _spare = null;
        if (!Splits(full, out long pivot))
        {
            full.GrowInto(spare);
            return;
        }

        int after = _chunkCount - index - 1;
        Array.Copy(_chunks, index + 1, _chunks, index + 2, after);
        Array.Copy(_lowers, index + 1, _lowers, index + 2, after);
        _chunks[index + 1] = spare;
        _lowers[index + 1] = pivot;
        _chunkCount++;
        full.MoveTo(spare, pivot);
    }

    // Takes an empty chunk out, unless it is the only one; its neighbour covers its place from then on.
    private void Drop(RangeChunk empty, long start)
    {
        empty.Clear();
        if (_chunkCount == 1)
        {
            _longest = 0;
            return;
        }

        int index = Find(start);
        if (_spare is null || _spare.Capacity < empty.Capacity)
        {
            _spare = empty;
        }

        _chunkCount--;
        Array.Copy(_chunks, index + 1, _chunks, index, _chunkCount - index);
        Array.Copy(_lowers, index + 1, _lowers, index, _chunkCount - index);
        _chunks[_chunkCount] = null!;
        _lowers[0] = 0;
    }
}
