namespace FastBuffers;

/// <summary>
/// The blocks of one size class of a pool that no thread has for itself: slabs of them, taken and given back in batches. Thread-safe, by
/// one lock.
/// </summary>
internal sealed class BlockBin : BlockSource
{
    private readonly Lock _lock = new();
    private readonly int _slabBytes;

    // A slab is in the first list while it has a free block, else in the second while it has room.
    private readonly SlabList _free = new();
    private readonly SlabList _roomy = new();
    private readonly LooseBlocks _loose = new();
    private long _charged;

    // In the slabs, besides the loose ones.
    private long _freeBlocks;

    // The block that was returned last, for those that no thread keeps: changes hands by one locked instruction, without the lock.
    private Ticket? _hot;
    private bool _hotWasUsed;

    internal BlockBin(RegionPool pool, int index, int blockSize)
        : base(pool, index)
    {
        BlockSize = blockSize;
        _slabBytes = pool.Memory.SlabBytes(blockSize);
    }

    /// <summary>The number of bytes of a block.</summary>
    internal int BlockSize { get; }

    internal override void AddTo(ref long blocks, ref long bytes)
    {
        lock (_lock)
        {
            long count = _charged - _freeBlocks - _loose.Count - (Volatile.Read(ref _hot) is null ? 0 : 1);
            blocks += count;
            bytes += count * BlockSize;
        }
    }

    /// <summary>Takes the block that was returned last, if it is there.</summary>
    internal Ticket? TryTakeHot() => Volatile.Read(ref _hot) is null ? null : Interlocked.Exchange(ref _hot, null);

    internal override bool TryPutHot(Ticket block)
    {
        if (Index < SizeClasses.ThreadCount
            || Volatile.Read(ref _hot) is not null
            || Interlocked.CompareExchange(ref _hot, block, null) is not null)
        {
            return false;
        }

        _hotWasUsed = true;

        // Looked at after the locked instruction: who shut the caches before it, and looked here in vain, is served now.
        if (Pool.IsShut)
        {
            Pool.ServeAfter(this);
        }

        return true;
    }

    /// <summary>Takes free blocks; or, if there is none, makes some as far as the budget allows.</summary>
    /// <param name="blocks">Room for the blocks.</param>
    /// <returns>The number of blocks; 0 when the budget is used up.</returns>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    internal int Take(Span<Ticket?> blocks)
    {
        lock (_lock)
        {
            int count = _loose.Take(blocks);
            while (count < blocks.Length && _free.First is { } slab)
            {
                blocks[count++] = slab.Pop();
                _freeBlocks--;
                Place(slab);
            }

            return count != 0 ? count : Make(blocks);
        }
    }

    /// <summary>The same for one block.</summary>
    internal Ticket? TakeOne()
    {
        Ticket? block = null;
        return Take(new Span<Ticket?>(ref block)) == 0 ? null : block;
    }

    internal override void Return(ReadOnlySpan<Ticket?> blocks)
    {
        lock (_lock)
        {
            PutBack(blocks[_loose.Put(blocks)..], idleFor: 0);
        }
    }

    /// <summary>Gives back what has been idle: whole slabs to the page heap, the free blocks of others to the system.</summary>
    /// <param name="age">How many of these calls in a row, before this one, must have found that no block of a slab came or went.</param>
    internal void Trim(int age)
    {
        if (age == 0 || !_hotWasUsed)
        {
            ReturnHot();
        }

        _hotWasUsed = false;
        lock (_lock)
        {
            PutLooseBack(age == 0 ? _loose.Count : _loose.Idle, idleFor: 1);
            Slab? next;
            for (Slab? slab = _free.First; slab is not null; slab = next)
            {
                next = slab.Next;
                if (slab.IdleFor++ < age)
                {
                    continue;
                }

                if (slab.IsIdle)
                {
                    Drop(slab);
                }
                else
                {
                    Uncharge(slab.Uncharge());
                    Place(slab);
                }
            }
        }
    }

    /// <summary>Gives slabs of which no block is rented or cached to the page heap, for other sizes.</summary>
    internal void TrimSlabs()
    {
        ReturnHot();
        lock (_lock)
        {
            PutLooseBack(_loose.Count, idleFor: 0);
            Slab? next;
            for (Slab? slab = _free.First; slab is not null; slab = next)
            {
                next = slab.Next;
                if (slab.IsIdle)
                {
                    Drop(slab);
                }
            }
        }
    }

    private void PutLooseBack(int count, int idleFor)
    {
        PutBack(_loose.Oldest(count), idleFor);
        _loose.Drop(count);
    }

    private void PutBack(ReadOnlySpan<Ticket?> blocks, int idleFor)
    {
        foreach (Ticket? block in blocks)
        {
            Slab slab = Region.OfRental(block!).Slab;
            slab.Push(block!, idleFor);
            _freeBlocks++;
            Place(slab);
        }
    }

    private void Drop(Slab slab)
    {
        _free.Remove(slab);
        Uncharge(slab.Charged);
        slab.DropBlocks();
        Pool.Memory.Free(slab);
    }

    private void Uncharge(int count)
    {
        _freeBlocks -= count;
        _charged -= count;
        Pool.Budget.Release((long)count * BlockSize);
    }

    private void ReturnHot()
    {
        if (TryTakeHot() is { } hot)
        {
            Return([hot]);
        }
    }

    private int Make(Span<Ticket?> blocks)
    {
        int count = 0;
        while (count < blocks.Length && Pool.Budget.TryCharge(BlockSize))
        {
            try
            {
                Slab slab = _roomy.First ?? Pool.Memory.MakeSlab(this, _slabBytes, BlockSize);
                Place(slab);
                blocks[count] = slab.Make();
                count++;
                _charged++;
                Place(slab);
            }
            catch when (count != 0)
            {
                // What there is will do.
                Pool.Budget.Release(BlockSize);
                break;
            }
            catch
            {
                Pool.Budget.Release(BlockSize);
                throw;
            }
        }

        return count;
    }

    private void Place(Slab slab)
    {
        SlabList? list = slab.HasFree ? _free : slab.HasRoom ? _roomy : null;
        if (!ReferenceEquals(slab.List, list))
        {
            slab.List?.Remove(slab);
            list?.Add(slab);
        }
    }
}
