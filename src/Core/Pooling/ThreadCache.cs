using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>
/// The blocks of a pool that one thread has for itself: used by that thread without a locked instruction, and emptied by others through
/// the gate, also when that thread sleeps or has ended.
/// </summary>
internal sealed class ThreadCache
{
    /// <summary>The most bytes to keep besides the hot blocks; what is beyond goes to the bins.</summary>
    private const int MaxBytes = 256 << 10;

    private const int MinStack = 8;

    private readonly int _samplePeriod;
    private CacheGate _gate;
    private Shelves _shelves;
    private long _stackBytes;
    private long _rentsSampled;
    private long _rentsSeen;

    // Counts down, so that the fast path counts and decides with one instruction.
    private int _untilSample;

    internal ThreadCache(RegionPool pool, Thread owner, int samplePeriod)
    {
        Pool = pool;
        Owner = owner;
        _samplePeriod = samplePeriod;
        _untilSample = samplePeriod;
        for (int index = 0; index < SizeClasses.ThreadCount; index++)
        {
            _shelves[index].BlockSize = pool.Bin(index).BlockSize;
            _shelves[index].Fresh = 1;
        }
    }

    internal RegionPool Pool { get; }

    /// <summary>The thread that uses the cache.</summary>
    internal Thread Owner { get; }

    /// <summary>The next cache of the same thread, which is another pool's.</summary>
    internal ThreadCache? NextOfThread { get; set; }

    internal ref CacheGate Gate => ref _gate;

    /// <summary>The number of the thread's rentals.</summary>
    internal long Rents => Volatile.Read(ref _rentsSampled) + _samplePeriod - Volatile.Read(ref _untilSample);

    /// <summary>Whether nothing was rented from here since the last call. For one caller at a time.</summary>
    internal bool IsIdle()
    {
        long seen = _rentsSeen;
        _rentsSeen = Rents;
        return _rentsSeen == seen;
    }

    /// <summary>Adds the number of blocks that are kept, and of their bytes; not exact while the owner is at work.</summary>
    internal void AddTo(ref long blocks, ref long bytes)
    {
        foreach (ref Shelf shelf in (Span<Shelf>)_shelves)
        {
            int count = Volatile.Read(ref shelf.Count) + (Volatile.Read(ref shelf.Hot) is null ? 0 : 1);
            blocks += count;
            bytes += (long)count * shelf.BlockSize;
        }
    }

    /// <summary>For the owner: counts a rental whose block came from elsewhere.</summary>
    internal void CountRent() => _untilSample--;

    /// <summary>For the owner: whether the rental that it just took is one to look at; then <see cref="EndSample"/> must follow.</summary>
    internal bool IsSample => _untilSample <= 0;

    /// <summary>For the owner: counts to the next sample.</summary>
    internal void EndSample()
    {
        _rentsSampled += _samplePeriod;
        _untilSample += _samplePeriod;
    }

    /// <summary>For the owner: a block, or null when there is none or it is shut out.</summary>
    /// <param name="index">The size class, less than <see cref="SizeClasses.ThreadCount"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Ticket? TryTake(uint index)
    {
        if (!_gate.TryEnter())
        {
            return null;
        }

        ref Shelf shelf = ref ShelfOf(index);
        Ticket? block = shelf.Hot;
        if (block is not null)
        {
            shelf.Hot = null;
            _untilSample--;
        }
        else
        {
            block = Pop(ref shelf);
        }

        _gate.Exit();
        return block;
    }

    /// <summary>For the owner: keeps a block; false when it is shut out or there are enough.</summary>
    /// <param name="index">The size class, less than <see cref="SizeClasses.ThreadCount"/>.</param>
    /// <param name="block">A free block.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryPut(uint index, Ticket block)
    {
        if (!_gate.TryEnter())
        {
            return false;
        }

        ref Shelf shelf = ref ShelfOf(index);
        bool kept = true;
        if (shelf.Hot is null)
        {
            shelf.Hot = block;
        }
        else
        {
            kept = TryPush(ref shelf, block);
        }

        _gate.Exit();
        return kept;
    }

    /// <summary>For the owner: takes from its bin what a size class lacks, and returns one block of it.</summary>
    /// <returns>Null when the budget is used up.</returns>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    internal Ticket? Refill(int index)
    {
        BlockBin bin = Pool.Bin(index);
        var batch = default(BlockBatch);
        Span<Ticket?> blocks = ((Span<Ticket?>)batch)[..BlockBatch.LengthOf(bin.BlockSize)];
        int fresh = _shelves[index].Fresh;
        _shelves[index].Fresh = Math.Min(fresh * 2, blocks.Length);
        int count = bin.Take(blocks, fresh);
        for (int i = 1; i < count; i++)
        {
            if (!TryPut((uint)index, blocks[i]!))
            {
                bin.Return(blocks[i..count]);
                break;
            }
        }

        return count == 0 ? null : blocks[0];
    }

    /// <summary>For the owner: gives the blocks that are not hot to their bins, unless it is shut out.</summary>
    internal void Flush()
    {
        if (_gate.TryEnter())
        {
            Empty(hotToo: false);
            _gate.Exit();
        }
    }

    /// <summary>Gives blocks to their bins. For the owner inside the gate, or for others who have shut it out.</summary>
    internal void Empty(bool hotToo)
    {
        for (int index = 0; index < SizeClasses.ThreadCount; index++)
        {
            ref Shelf shelf = ref _shelves[index];
            if (shelf.Count != 0)
            {
                Span<Ticket?> stack = shelf.Stack.AsSpan(0, shelf.Count);
                _stackBytes -= (long)shelf.Count * shelf.BlockSize;
                shelf.Count = 0;
                Pool.Bin(index).Return(stack);
                stack.Clear();
            }

            if (hotToo && shelf.Hot is { } hot)
            {
                shelf.Hot = null;
                Pool.Bin(index).Return([hot]);
            }
        }
    }

    // Unchecked: the callers are on the fast path and have checked the index.
    private ref Shelf ShelfOf(uint index) => ref Unsafe.Add(ref Unsafe.As<Shelves, Shelf>(ref _shelves), index);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Ticket? Pop(ref Shelf shelf)
    {
        int last = shelf.Count - 1;
        Ticket?[]? stack = shelf.Stack;
        if (stack is null || (uint)last >= (uint)stack.Length)
        {
            return null;
        }

        // Cleared, because nobody may keep a rented block reachable: a lost one is found by its finalizer.
        Ticket? block = stack[last];
        stack[last] = null;
        shelf.Count = last;
        _stackBytes -= shelf.BlockSize;
        _untilSample--;
        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryPush(ref Shelf shelf, Ticket block)
    {
        int count = shelf.Count;
        Ticket?[] stack = shelf.Stack ??= new Ticket?[MinStack];
        if (_stackBytes + shelf.BlockSize > MaxBytes)
        {
            return false;
        }

        if ((uint)count >= (uint)stack.Length)
        {
            Array.Resize(ref shelf.Stack, count * 2);
            stack = shelf.Stack;
        }

        stack[count] = block;
        shelf.Count = count + 1;
        _stackBytes += shelf.BlockSize;
        return true;
    }
}
