namespace FastBuffers;

/// <summary>
/// Free blocks of one size that have not been put back into their slabs: from the threads that return them to those that rent they go by
/// here, many at a time and without a look at any, because their objects are in the cache of the core that used them last. A stack.
/// Guarded by the lock of its bin.
/// </summary>
internal sealed class LooseBlocks
{
    private const int MaxCount = 1024;
    private const int MinRoom = 32;

    private Ticket?[] _blocks = [];

    /// <summary>The number of blocks.</summary>
    internal int Count { get; private set; }

    /// <summary>The fewest there have been since <see cref="Drop"/>: as many, the oldest, have been idle.</summary>
    internal int Idle { get; private set; }

    /// <summary>The oldest blocks.</summary>
    internal ReadOnlySpan<Ticket?> Oldest(int count) => _blocks.AsSpan(0, count);

    /// <summary>Takes as many blocks as there is room for, the first ones, and says how many.</summary>
    internal int Put(ReadOnlySpan<Ticket?> blocks)
    {
        int count = Math.Min(blocks.Length, MaxCount - Count);
        if (_blocks.Length < Count + count)
        {
            try
            {
                Array.Resize(ref _blocks, Math.Clamp(2 * (Count + count), MinRoom, MaxCount));
            }
            catch (OutOfMemoryException)
            {
                // To give a block back takes no memory: the slabs have room.
                count = _blocks.Length - Count;
            }
        }

        blocks[..count].CopyTo(_blocks.AsSpan(Count));
        Count += count;
        return count;
    }

    /// <summary>Gives out as many blocks as there are and fit, the newest, and says how many.</summary>
    internal int Take(Span<Ticket?> blocks)
    {
        int count = Math.Min(blocks.Length, Count);
        Count -= count;
        Idle = Math.Min(Idle, Count);
        Span<Ticket?> taken = _blocks.AsSpan(Count, count);
        taken.CopyTo(blocks);
        taken.Clear();
        return count;
    }

    /// <summary>Forgets the oldest blocks.</summary>
    internal void Drop(int count)
    {
        Span<Ticket?> all = _blocks.AsSpan(0, Count);
        all[count..].CopyTo(all);
        all[^count..].Clear();
        Count -= count;
        Idle = Count;
    }
}
