namespace FastBuffers;

/// <summary>
/// Some pages, cut into blocks of one size. A block is made, and charged to the pool's budget, when it is first needed; when it is idle
/// for long, the charge is given back and its pages with it, and it is as good as not made. Guarded by the lock of its bin.
/// </summary>
/// <param name="source">Whose blocks these are.</param>
/// <param name="address">The first byte.</param>
/// <param name="capacity">The number of blocks.</param>
/// <param name="blockSize">The number of bytes of each.</param>
internal unsafe class Slab(BlockSource source, nint address, int capacity, long blockSize)
{
    // Two stacks: free blocks from the start, those whose charge was given back from the end.
    private readonly Ticket?[] _blocks = new Ticket?[capacity];
    private int _free;
    private int _uncharged;
    private int _made;

    internal BlockSource Source => source;

    internal RegionPool Pool => source.Pool;

    internal nint Address => address;

    internal long BlockSize => blockSize;

    /// <summary>The number of bytes of all blocks.</summary>
    internal long Bytes => capacity * blockSize;

    /// <summary>The number of blocks that are charged: rented, cached or free.</summary>
    internal int Charged => _made - _uncharged;

    /// <summary>Whether a charged block is free.</summary>
    internal bool HasFree => _free != 0;

    /// <summary>Whether a block can be made, or charged again.</summary>
    internal bool HasRoom => Charged != capacity;

    /// <summary>Whether no block is rented or cached.</summary>
    internal bool IsIdle => _free == Charged;

    /// <summary>How many looks for idle memory found that no block came or went since the one before.</summary>
    internal int IdleFor { get; set; }

    /// <summary>The list that the slab is in.</summary>
    internal SlabList? List { get; set; }

    /// <summary>The neighbours there.</summary>
    internal Slab? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    internal Slab? Next { get; set; }

    /// <summary>Whether a rental here can have the length; else it gets another block.</summary>
    internal virtual bool HasRoomFor(int newLength) => newLength <= blockSize;

    /// <summary>Makes the only rental here shorter. For one who has it alone.</summary>
    /// <returns>The new address of its first byte; 0 when that stays.</returns>
    internal virtual nint Shorten(int newLength) => 0;

    /// <summary>A free block.</summary>
    internal Ticket Pop()
    {
        IdleFor = 0;
        return Remove(--_free);
    }

    /// <summary>Takes a block back.</summary>
    /// <param name="block">The block.</param>
    /// <param name="idleFor">How many looks for idle memory have found it idle elsewhere.</param>
    internal void Push(Ticket block, int idleFor)
    {
        IdleFor = idleFor;
        _blocks[_free++] = block;
    }

    /// <summary>A block that was not charged. The caller charges it.</summary>
    internal Ticket Make()
    {
        IdleFor = 0;
        if (_uncharged != 0)
        {
            return Remove(capacity - _uncharged--);
        }

        var region = new Region(this, (byte*)address + (_made * blockSize));
        _made++;
        return region.RentalTicket;
    }

    /// <summary>Makes the free blocks uncharged ones, and gives whole pages in them back to the system. The caller gives the charge back.</summary>
    /// <returns>The number of blocks.</returns>
    internal int Uncharge()
    {
        int count = _free;
        while (_free != 0)
        {
            Ticket block = Remove(--_free);
            _uncharged++;
            _blocks[capacity - _uncharged] = block;
            Pool.Memory.Discard((nint)Region.OfRental(block).Address, blockSize);
        }

        return count;
    }

    /// <summary>Spares the garbage collector the finalizers of the blocks, of which none is rented or cached.</summary>
    internal void DropBlocks()
    {
        foreach (Ticket? block in _blocks)
        {
            if (block is not null)
            {
                GC.SuppressFinalize(block);
            }
        }
    }

    private Ticket Remove(int place)
    {
        Ticket block = _blocks[place]!;
        _blocks[place] = null;
        return block;
    }
}
