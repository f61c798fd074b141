using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers;

// The caches of threads, and returning to them.
public sealed partial class RegionPool
{
    // This thread's cache of the pool that it used last; those of other pools are behind it.
    [ThreadStatic]
    private static ThreadCache? t_cache;

    // Those that are found by the caller's stack; of two threads that would have the same place, one goes without.
    private const int PlaceBits = 8;
    private readonly ThreadCache?[] _places = new ThreadCache?[1 << PlaceBits];

    private readonly List<ThreadCache> _caches = [];

    /// <summary>This thread's cache of the pool that it used last.</summary>
    internal static ThreadCache? LastCache
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => t_cache;
    }

    /// <summary>This thread's cache of a pool, if that is the pool that it used last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ThreadCache? CacheOf(RegionPool pool) => t_cache is { } cache && ReferenceEquals(cache.Pool, pool) ? cache : null;

    /// <summary>Takes back the block of a rental that has ended.</summary>
    /// <param name="block">The rental ticket, which has ended.</param>
    /// <param name="source">Where the block is from.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Return(Ticket block, BlockSource source)
    {
        if (source.Index >= SizeClasses.ThreadCount || !TryCache(block))
        {
            source.Return([block]);
        }

        if (_isShut)
        {
            ServeAfter(source);
        }
    }

    /// <summary>Does what a return does while somebody waits for memory, or the pool has been disposed: nothing is cached then.</summary>
    internal void ServeAfter(BlockSource source)
    {
        if (_isDisposed)
        {
            (source as BlockBin)?.Trim(age: 0);
        }
        else if (_queue.HasWaiters)
        {
            _queue.Pump();
        }
        else
        {
            OpenCaches();
        }
    }

    private bool TryCache(Ticket block)
    {
        ThreadCache cache = CacheOfThread();
        if (cache.TryPut(block))
        {
            return true;
        }

        cache.Spill(block.Place);
        return cache.TryPut(block);
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
            cache = AddCache();
        }
        else if (previous is not null)
        {
            previous.NextOfThread = cache.NextOfThread;
            cache.NextOfThread = t_cache;
        }

        t_cache = cache;
        nuint here = CallerStack.Here;
        ref ThreadCache? place = ref PlaceOf(here);
        if (place?.HasEnded != false && cache.IsAt(here))
        {
            place = cache;
        }

        return cache;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref ThreadCache? PlaceOf(nuint address) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_places), CallerStack.Hash(address, PlaceBits));

    private void Forget(ThreadCache cache)
    {
        foreach (ref ThreadCache? place in _places.AsSpan())
        {
            if (ReferenceEquals(place, cache))
            {
                place = null;
            }
        }
    }

    private ThreadCache AddCache()
    {
        // Those of pools that have ended keep them reachable for as long as the thread lives.
        while (t_cache is { Pool._isDisposed: true } ended)
        {
            t_cache = ended.NextOfThread;
        }

        var cache = new ThreadCache(this, Thread.CurrentThread, SamplePeriod) { NextOfThread = t_cache };
        if (_hardened is not null)
        {
            // For ever: see RegionPool.Hardening.cs.
            cache.Shut();
        }

        lock (_caches)
        {
            _caches.Add(cache);
            if (_isShut)
            {
                cache.Shut();
            }
        }

        return cache;
    }
}
