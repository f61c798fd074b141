namespace FastBuffers;

/// <summary>
/// The blocks of one size class of a pool that no thread has for itself: slabs of them, taken and given back in batches. Thread-safe, by
/// one lock.
/// </summary>
internal sealed class BlockBin
{
    /// <summary>Below this a slab is several times as long as its pages ask for, so that pages are not asked for often.</summary>
    private const int MinSlabBytes = 32 << 10;

    private readonly Lock _lock = new();
    private readonly int _slabBytes;

    // The slabs with free blocks, and the one in which blocks are made.
    private Slab? _free;
    private Slab? _making;
    private long _made;
    private long _freeCount;

    internal BlockBin(RegionPool pool, int index, int blockSize)
    {
        Pool = pool;
        Index = index;
        BlockSize = blockSize;
        _slabBytes = SlabBytes(blockSize, pool.Pages.PageSize);
    }

    internal RegionPool Pool { get; }

    /// <summary>The size class.</summary>
    internal int Index { get; }

    /// <summary>The number of bytes of a block.</summary>
    internal int BlockSize { get; }

    /// <summary>The bytes of all blocks: rented, cached by threads, and here.</summary>
    internal long MadeBytes => Volatile.Read(ref _made) * BlockSize;

    /// <summary>The bytes of the blocks that are here.</summary>
    internal long FreeBytes => Volatile.Read(ref _freeCount) * BlockSize;

    /// <summary>Takes free blocks; or, if there is none, makes some as far as the budget allows.</summary>
    /// <param name="blocks">Room for the blocks.</param>
    /// <param name="fresh">The most blocks to make.</param>
    /// <returns>The number of blocks; 0 when the budget is used up.</returns>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    internal int Take(Span<Ticket?> blocks, int fresh)
    {
        int count = 0;
        lock (_lock)
        {
            while (count < blocks.Length && _free is { } slab)
            {
                blocks[count++] = slab.Pop();
                _freeCount--;
                if (!slab.HasFree)
                {
                    Remove(slab);
                }
            }

            if (count == 0)
            {
                count = Make(blocks[..Math.Min(fresh, blocks.Length)]);
            }
        }

        return count;
    }

    /// <summary>Takes blocks back.</summary>
    internal void Return(ReadOnlySpan<Ticket?> blocks)
    {
        lock (_lock)
        {
            foreach (Ticket? ticket in blocks)
            {
                Slab slab = Region.OfRental(ticket!).Slab;
                if (!slab.HasFree)
                {
                    AddFirst(slab);
                }

                slab.Push(ticket!);
                slab.IdleFor = 0;
                _freeCount++;
            }
        }
    }

    /// <summary>Gives slabs without a rented or cached block back to the page heap.</summary>
    /// <param name="age">How many of these calls in a row must have found a slab idle, this one not counted.</param>
    internal void Trim(int age)
    {
        lock (_lock)
        {
            Slab? next;
            for (Slab? slab = _free; slab is not null; slab = next)
            {
                next = slab.Next;
                if (slab.IsIdle && slab.IdleFor++ >= age)
                {
                    Remove(slab);
                    _making = ReferenceEquals(_making, slab) ? null : _making;
                    _freeCount -= slab.Made;
                    _made -= slab.Made;
                    Pool.Pages.Free(slab.Address, _slabBytes);
                    Pool.Budget.Release((long)slab.Made * BlockSize);
                }
            }
        }
    }

    /// <summary>The shortest run of pages that blocks of a size fill without rest, or some of those runs.</summary>
    private static int SlabBytes(int blockSize, int pageSize)
    {
        int run = blockSize;
        while (run % pageSize != 0)
        {
            run += blockSize;
        }

        return run * Math.Max(1, MinSlabBytes / run);
    }

    private int Make(Span<Ticket?> blocks)
    {
        int count = 0;
        while (count < blocks.Length && Pool.Budget.TryCharge(BlockSize))
        {
            try
            {
                Slab slab = _making ??= new Slab(this, Pool.Pages.Allocate(_slabBytes), _slabBytes / BlockSize);
                blocks[count++] = slab.Make();
                _made++;
                _making = slab.IsFull ? null : slab;
            }
            catch
            {
                Pool.Budget.Release(BlockSize);
                if (count == 0)
                {
                    throw;
                }

                break;
            }
        }

        return count;
    }

    private void AddFirst(Slab slab)
    {
        slab.Next = _free;
        if (_free is not null)
        {
            _free.Previous = slab;
        }

        _free = slab;
    }

    private void Remove(Slab slab)
    {
        if (slab.Previous is null)
        {
            _free = slab.Next;
        }
        else
        {
            slab.Previous.Next = slab.Next;
        }

        if (slab.Next is not null)
        {
            slab.Next.Previous = slab.Previous;
        }

        slab.Previous = slab.Next = null;
    }
}
