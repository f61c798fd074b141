using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>
/// The blocks of a pool that one thread has for itself: used by that thread without a locked instruction, and emptied by others through
/// the gate, also when that thread sleeps or has ended.
/// </summary>
internal sealed class ThreadCache : TicketOwner
{
    /// <summary>The most bytes to keep besides the hot blocks; what is beyond goes to the bins.</summary>
    private const int MaxBytes = 256 << 10;

    private const int MinStack = 8;

    // In samples. To disown costs some microseconds, and owning saves some nanoseconds a rental.
    private const int MinPause = 64;
    private const int MaxPause = 8192;

    // On the shelf that has no room for others.
    private static readonly Ticket s_none = new();

    // Not by way of the window, for the fast path.
    private readonly long[] _endMark;
    private readonly int _samplePeriod;
    private Shelves _shelves;
    private long _stackBytes;
    private int _pause;
    private int _nextPause = MinPause;
    private long _rentsSampled;
    private long _rentsSeen;

    // Counts down, so that the fast path counts and decides with one instruction.
    private int _untilSample;

    internal ThreadCache(RegionPool pool, Thread owner, int samplePeriod)
        : base(StackWindow.OfCaller.Start)
    {
        _endMark = StackWindow.OfCaller.Mark;
        Pool = pool;
        Owner = owner;
        _samplePeriod = samplePeriod;
        _untilSample = samplePeriod;
        EndPause();
        for (int index = 0; index < SizeClasses.ThreadCount; index++)
        {
            _shelves[index].BlockSize = pool.Bin(index).BlockSize;
            _shelves[index].Batch = 1;
        }

        _shelves[SizeClasses.ThreadCount].Hot = s_none;
    }

    internal RegionPool Pool { get; }

    /// <summary>The thread that uses the cache.</summary>
    internal Thread Owner { get; }

    internal override bool IsCaller => IsAt(CallerStack.Here) || ReferenceEquals(Owner, Thread.CurrentThread);

    /// <summary>Whether nobody is known by the owner's stack any more.</summary>
    internal bool HasEnded
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => StackWindow.IsMarked(_endMark);
    }

    /// <summary>Whether the owner is the calling thread, as far as its stack tells. False says nothing.</summary>
    /// <param name="here">An address on the caller's stack.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsAt(nuint here) => CallerStack.IsIn(here, Home) && !HasEnded;

    /// <summary>The next cache of the same thread, which is another pool's.</summary>
    internal ThreadCache? NextOfThread { get; set; }

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
        foreach (ref Shelf shelf in ((Span<Shelf>)_shelves)[..SizeClasses.ThreadCount])
        {
            int count = Volatile.Read(ref shelf.Count) + (Volatile.Read(ref shelf.Hot) is null ? 0 : 1);
            blocks += count;
            bytes += (long)count * shelf.BlockSize;
        }
    }

    /// <summary>For the owner: counts a rental, and says whether it is one to look at; then <see cref="EndSample"/> must follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool CountRent() => --_untilSample <= 0;

    /// <summary>For the owner: counts to the next sample.</summary>
    internal void EndSample()
    {
        _rentsSampled += _samplePeriod;
        _untilSample += _samplePeriod;
        if (Number == 0 && --_pause <= 0)
        {
            EndPause();
        }
    }

    // Where the end of each rental has more to do, none is owned.
    private void EndPause()
    {
        if (!Pool.ClearsOnReturn && !Pool.IsHardened)
        {
            Own();
        }
    }

    /// <summary>For the owner: ends a rental that it owns, and keeps the block as the next one to take. False says nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryEndHot(Ticket block, long token)
    {
        // Others only clear it.
        ref Shelf shelf = ref ShelfOf((uint)block.Place);
        if (shelf.Hot is not null)
        {
            return false;
        }

        if (Enter() && block.TryEndOwned(this, token))
        {
            shelf.Hot = block;
            Exit();
            return true;
        }

        Exit();
        return false;
    }

    /// <summary>For the owner: ends a rental that it owns, and keeps the block. False says nothing.</summary>
    internal bool TryEndKept(Ticket block, long token)
    {
        ref Shelf shelf = ref ShelfOf((uint)block.Place);
        if (Enter() && HasRoom(ref shelf) && block.TryEndOwned(this, token))
        {
            Put(ref shelf, block);
            Exit();
            return true;
        }

        Exit();
        return false;
    }

    /// <summary>For the owner: ends a rental that it owns. False says nothing.</summary>
    internal bool TryEnd(Ticket block, long token)
    {
        bool ended = Enter() && block.TryEndOwned(this, token);
        Exit();
        return ended;
    }

    // A thread whose rentals others end is better off without owning them for a while; the longer, the more often that happened.
    protected override void OnDisowned()
    {
        _pause = _nextPause;
        _nextPause = Math.Min(_nextPause * 2, MaxPause);
    }

    /// <summary>For the owner: the block that was returned last, or null when it has been taken, or the owner is shut out.</summary>
    /// <param name="index">The size class, less than <see cref="SizeClasses.ThreadCount"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Ticket? TryTakeHot(uint index)
    {
        ref Shelf shelf = ref ShelfOf(index);
        if (Enter() && shelf.Hot is { } block)
        {
            shelf.Hot = null;
            Exit();
            return block;
        }

        Exit();
        return null;
    }

    /// <summary>For the owner: another block, or null when there is none, or the owner is shut out.</summary>
    /// <param name="index">The size class, less than <see cref="SizeClasses.ThreadCount"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Ticket? TryPop(uint index)
    {
        ref Shelf shelf = ref ShelfOf(index);
        if (Enter() && shelf.Count != 0)
        {
            // Cleared, because nobody may keep a rented block reachable: a lost one is found by its finalizer.
            ref Ticket? place = ref shelf.Stack![--shelf.Count];
            Ticket? block = place;
            place = null;
            _stackBytes -= shelf.BlockSize;
            Exit();
            block!.SetOwner(this);
            return block;
        }

        Exit();
        return null;
    }

    /// <summary>For the owner: keeps a block; false when it is shut out or there are enough.</summary>
    /// <param name="block">A free block.</param>
    internal bool TryPut(Ticket block)
    {
        if (!TryEnter())
        {
            return false;
        }

        ref Shelf shelf = ref ShelfOf((uint)block.Place);
        bool kept = HasRoom(ref shelf);
        if (kept)
        {
            Put(ref shelf, block);
        }

        Exit();
        return kept;
    }

    /// <summary>For the owner: takes from its bin what a size class lacks, and returns one block of it.</summary>
    /// <returns>Null when the budget is used up.</returns>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    internal Ticket? Refill(int index)
    {
        BlockBin bin = Pool.Bin(index);
        var batch = default(BlockBatch);
        ref int length = ref _shelves[index].Batch;
        Span<Ticket?> blocks = ((Span<Ticket?>)batch)[..length];
        length = Math.Min(length * 2, BlockBatch.LengthOf(bin.BlockSize));
        int count = bin.Take(blocks);
        for (int i = 1; i < count; i++)
        {
            if (!TryPut(blocks[i]!))
            {
                bin.Return(blocks[i..count]);
                break;
            }
        }

        blocks[0]?.SetOwner(this);
        return blocks[0];
    }

    /// <summary>For the owner: makes room for blocks of a size, by giving others to the bins, unless it is shut out.</summary>
    internal void Spill(int index)
    {
        if (!TryEnter())
        {
            return;
        }

        ref Shelf shelf = ref _shelves[index];
        shelf.Batch = 1;
        int count = BlockBatch.LengthOf(shelf.BlockSize);
        if (shelf.Count >= count)
        {
            // As many as are taken at a time, so that a thread that hovers at the limit moves few; the ones that were returned first.
            Span<Ticket?> stack = shelf.Stack.AsSpan(0, shelf.Count);
            Pool.Bin(index).Return(stack[..count]);
            stack[count..].CopyTo(stack);
            stack[^count..].Clear();
            shelf.Count -= count;
            _stackBytes -= (long)count * shelf.BlockSize;
        }
        else
        {
            Empty(hotToo: false);
        }

        Exit();
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

    // Room for one more block, made here, so that nothing can fail any more once the block is the cache's.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool HasRoom(ref Shelf shelf) =>
        shelf.Hot is null || (_stackBytes + shelf.BlockSize <= MaxBytes && ((uint)shelf.Count < (uint)shelf.Capacity || MakesRoom(ref shelf)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool MakesRoom(ref Shelf shelf)
    {
        int capacity = Math.Max(MinStack, shelf.Count * 2);
        try
        {
            Array.Resize(ref shelf.Stack, capacity);
        }
        catch (OutOfMemoryException)
        {
            // The block goes to the bin, and the caller leaves the gate.
            return false;
        }

        shelf.Capacity = capacity;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(ref Shelf shelf, Ticket block)
    {
        if (shelf.Hot is null)
        {
            // Those on the stack get their owner when they are taken: most that are another thread's go on to the bin.
            block.SetOwner(this);
            shelf.Hot = block;
        }
        else
        {
            Push(ref shelf, block);
        }
    }

    private void Push(ref Shelf shelf, Ticket block)
    {
        shelf.Stack![shelf.Count] = block;
        shelf.Count++;
        _stackBytes += shelf.BlockSize;
    }
}
