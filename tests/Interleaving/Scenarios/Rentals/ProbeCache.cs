namespace FastBuffers.Interleaving.Scenarios.Rentals;

/// <summary>
/// A thread's cache of one block: what <c>ThreadCache.cs</c> of src/Core does with the hot block of a size class, in its order of steps, and
/// <c>RegionPool.Trim.cs</c> with the cache.
/// </summary>
internal sealed class ProbeCache(RentalScenario scenario, bool keeps) : TicketOwner(home: 0)
{
    [ThreadStatic]
    private static ProbeCache? t_cache;

    private readonly int _threadId = Environment.CurrentManagedThreadId;
    private Ticket? _hot;

    /// <summary>The calling thread's cache, if it has one: as <c>RegionPool.LastCache</c>.</summary>
    public static ProbeCache? OfThread
    {
        get => t_cache;
        set => t_cache = value;
    }

    /// <summary>Whether blocks are kept here: false for those of which <c>SizeClasses.ThreadCount</c> says that no thread keeps them.</summary>
    public bool Keeps => keeps;

    /// <summary>The block that is kept. The checks read it.</summary>
    public Ticket? Hot => Volatile.Read(ref _hot);

    internal override bool IsCaller => _threadId == Environment.CurrentManagedThreadId;

    /// <summary>As <c>ThreadCache.TryEndKept</c> and <c>TryEnd</c>.</summary>
    public bool TryEndOwned(Ticket block, long token)
    {
        if (!TryEnter())
        {
            return false;
        }

        bool ended;
        if (keeps)
        {
            ended = Volatile.Read(ref _hot) is null && (block.TryEndOwned(this, token) || scenario.Bug == RentalBug.PutsWhatDidNotEnd);
            if (ended)
            {
                Volatile.Write(ref _hot, block);
            }

            Exit();
        }
        else
        {
            ended = block.TryEndOwned(this, token);
            Exit();
            if (ended)
            {
                ProbeBlock.Of(block).Return(block);
            }
        }

        return ended;
    }

    /// <summary>As <c>ThreadCache.TryTakeHot</c>.</summary>
    public Ticket? TryTake()
    {
        if (!TryEnter())
        {
            return null;
        }

        Ticket? block = Volatile.Read(ref _hot);
        if (block is not null)
        {
            Volatile.Write(ref _hot, null);
        }

        Exit();
        return block;
    }

    /// <summary>As <c>ThreadCache.TryPut</c>.</summary>
    public bool TryPut(Ticket block)
    {
        if (!keeps || !TryEnter())
        {
            return false;
        }

        bool kept = Volatile.Read(ref _hot) is null;
        if (kept)
        {
            block.SetOwner(this);
            Volatile.Write(ref _hot, block);
        }

        Exit();
        return kept;
    }

    /// <summary>As <c>RegionPool.EmptyCaches</c>, by one other thread at a time, which has the patience to wait.</summary>
    public void EmptyByOther()
    {
        Shut();
        if (scenario.Bug != RentalBug.TrimsWithoutFence)
        {
            Interlocked.MemoryBarrierProcessWide();
        }

        var spin = default(SpinWait);
        while (!IsOutside && scenario.Bug != RentalBug.TrimsWithoutWaiting)
        {
            spin.SpinOnce();
        }

        if (Volatile.Read(ref _hot) is { } hot)
        {
            Volatile.Write(ref _hot, null);
            scenario.PutInBin(hot);
        }

        Open();
    }
}
