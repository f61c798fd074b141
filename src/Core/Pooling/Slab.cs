namespace FastBuffers;

/// <summary>
/// Some pages, cut into blocks of one size. Blocks are made when they are first needed; those that nobody rents or caches are in a stack
/// here. Guarded by the lock of the bin that it belongs to, but for what is readonly.
/// </summary>
internal sealed class Slab(BlockBin bin, nint address, int capacity)
{
    private readonly Ticket?[] _free = new Ticket?[capacity];
    private int _freeCount;

    /// <summary>The bin whose blocks these are.</summary>
    internal BlockBin Bin => bin;

    /// <summary>The first byte of the first block.</summary>
    internal nint Address => address;

    /// <summary>The number of blocks that were made.</summary>
    internal int Made { get; private set; }

    /// <summary>Whether all blocks were made.</summary>
    internal bool IsFull => Made == _free.Length;

    /// <summary>Whether there is a block that was made and is free.</summary>
    internal bool HasFree => _freeCount != 0;

    /// <summary>Whether all blocks that were made are here.</summary>
    internal bool IsIdle => _freeCount == Made;

    /// <summary>The number of collections of idle memory that found it idle, one after the other.</summary>
    internal int IdleFor { get; set; }

    /// <summary>Neighbours in the bin's list.</summary>
    internal Slab? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    internal Slab? Next { get; set; }

    internal Ticket Pop()
    {
        Ticket ticket = _free[--_freeCount]!;
        _free[_freeCount] = null;
        return ticket;
    }

    internal void Push(Ticket ticket) => _free[_freeCount++] = ticket;

    /// <summary>Makes the next block.</summary>
    internal unsafe Ticket Make()
    {
        var region = new Region(this, (byte*)address + ((long)Made * bin.BlockSize));
        Made++;
        return region.RentalTicket;
    }
}
