using System.Runtime.CompilerServices;

namespace FastBuffers;

// Renting off the fast path, and returning.
public sealed partial class RegionPool
{
    // This thread's cache of the pool that it used last; those of other pools are behind it.
    [ThreadStatic]
    private static ThreadCache? t_cache;

    /// <summary>This thread's cache of a pool, if that is the pool that it used last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ThreadCache? CacheOf(RegionPool pool) => t_cache is { } cache && ReferenceEquals(cache.Pool, pool) ? cache : null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Lease RentSlow(int length)
    {
        Lease lease = TryRentSlow(length);
        return !lease.Token.IsDefault ? lease : throw PoolErrors.Exhausted(Name, length, Statistics, Budget.MaxBytes);
    }

    private Lease TryRentSlow(int length)
    {
        RegionErrors.CheckLength(length);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        uint index = SizeClasses.IndexOf(length);
        if (index >= SizeClasses.Count)
        {
            throw new NotImplementedException();
        }

        ThreadCache cache = CacheOfThread();
        Ticket? block = index < SizeClasses.ThreadCount ? cache.TryTake(index) ?? cache.Refill((int)index) : TakeOne((int)index);
        if (block is null)
        {
            return default;
        }

        return OnRented(cache, block, Region.OfRental(block).BeginRental(block, length), length);
    }

    private Ticket? TakeOne(int index)
    {
        Ticket? block = null;
        return _bins[index].Take(new Span<Ticket?>(ref block), fresh: 1) == 0 ? null : block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Lease OnRented(ThreadCache cache, Ticket block, HoldToken token, int length)
    {
        _ = cache;
        _ = block;
        var lease = new Lease(token);
        if (_clearing == PoolClearing.OnRent)
        {
            lease.Span.Clear();
        }

        _ = length;
        return lease;
    }

    /// <summary>Takes back the block of a rental that has ended.</summary>
    /// <param name="block">The rental ticket, which has ended.</param>
    /// <param name="bin">Where the block is from.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void ReturnSlow(Ticket block, BlockBin bin)
    {
        if (bin.Index < SizeClasses.ThreadCount)
        {
            ThreadCache cache = CacheOfThread();
            if (cache.TryPut((uint)bin.Index, block))
            {
                return;
            }

            cache.Flush();
            if (cache.TryPut((uint)bin.Index, block))
            {
                return;
            }
        }

        bin.Return([block]);
    }

    private ThreadCache CacheOfThread()
    {
        ThreadCache? previous = null;
        ThreadCache? cache = t_cache;
        while (cache is not null && !ReferenceEquals(cache.Pool, this))
        {
            previous = cache;
            cache = cache.NextOfThread;
        }

        if (cache is null)
        {
            cache = new ThreadCache(this, Thread.CurrentThread, _sampleMask) { NextOfThread = t_cache };
        }
        else if (previous is not null)
        {
            previous.NextOfThread = cache.NextOfThread;
            cache.NextOfThread = t_cache;
        }

        t_cache = cache;
        return cache;
    }
}
