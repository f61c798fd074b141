using System.Runtime.CompilerServices;

namespace FastBuffers;

// Renting.
public sealed partial class RegionPool : IRentSource
{
    private readonly RentQueue _queue;

    /// <summary>Rents memory.</summary>
    /// <param name="length">The number of bytes, 0 or more.</param>
    /// <returns>
    /// An Exclusive lease of a region of exactly that length. Its bytes are whatever was there before, unless the pool clears them.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative or more than <see cref="Array.MaxLength"/>.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed.</exception>
    /// <exception cref="PoolExhaustedException">
    /// <see cref="RegionPoolOptions.MaxBytes"/> would be exceeded, also after what was cached had been given back.
    /// </exception>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public Lease Rent(int length)
    {
        nuint here = CallerStack.Here;
        ThreadCache? cache = PlaceOf(here);

        // One exit, to which every way brings the two words in registers. A lease that comes from one of several calls is stored, and copied whole
        // just after, which a processor waits for.
        object? source;
        long value;
        if (cache is null || !cache.IsAt(here))
        {
            (source, value) = RentAnywhere(length).Token;
        }
        else if (SizeClasses.IndexOf(length) is var index && index < SizeClasses.ThreadCount && cache.TryTakeHot(index) is { } block)
        {
            (source, value) = Begin(block, length, cache);
        }
        else
        {
            (source, value) = RentDeep(cache, index, length).Token;
        }

        return new Lease(new HoldToken(source, value));
    }

    /// <summary>Rents memory whose bytes are cleared at the end of the rental, whatever the pool does otherwise.</summary>
    /// <param name="length">The number of bytes, 0 or more.</param>
    /// <param name="sensitive">Whether to clear: passwords, keys, what is another tenant's.</param>
    /// <returns>As for <see cref="Rent(int)"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative or more than <see cref="Array.MaxLength"/>.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed.</exception>
    /// <exception cref="PoolExhaustedException">As for <see cref="Rent(int)"/>.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public Lease Rent(int length, bool sensitive)
    {
        Lease lease = Rent(length);
        if (sensitive)
        {
            lease.RequireAlive().ClearAtEnd();
        }

        return lease;
    }

    /// <summary>Rents memory, unless that would exceed the pool's limit.</summary>
    /// <param name="length">The number of bytes, 0 or more.</param>
    /// <param name="lease">As for <see cref="Rent(int)"/>; <c>default</c> when the answer is false.</param>
    /// <returns>
    /// False when <see cref="RegionPoolOptions.MaxBytes"/> would be exceeded, also after what was cached had been given back.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative or more than <see cref="Array.MaxLength"/>.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public bool TryRent(int length, out Lease lease)
    {
        RegionErrors.CheckLength(length);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        lease = length == 0 ? OwningLease.Of(Region.Allocate(0), HoldKind.Exclusive) : RentBlock(length);
        return !lease.Token.IsDefault;
    }

    /// <summary>
    /// Rents memory, and waits for it while the pool's limit would be exceeded: first come, first served. Only a synchronous rent may
    /// overtake those who wait.
    /// </summary>
    /// <param name="length">The number of bytes, 0 or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>As for <see cref="Rent(int)"/>; to be awaited once. Continuations do not run on the thread that returns memory.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative or more than <see cref="Array.MaxLength"/>.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed, before or while waiting.</exception>
    /// <exception cref="PoolExhaustedException">The length alone exceeds the limit.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public ValueTask<Lease> RentAsync(int length, CancellationToken cancellationToken = default)
    {
        RegionErrors.CheckLength(length);
        return BlockBytes(length) <= Budget.MaxBytes || _isDisposed
            ? OnWait(length, _queue.RentAsync(length, cancellationToken))
            : ValueTask.FromException<Lease>(OnExhausted(length));
    }

    // For one who waits: what other threads keep is taken back, and stays so until nobody waits any more.
    bool IRentSource.TryRent(int length, out Lease lease)
    {
        if (TryRent(length, out lease))
        {
            return true;
        }

        ShutCaches();
        return TryRent(length, out lease);
    }

    // Where the thread is not known by its stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Lease RentAnywhere(int length)
    {
        ThreadCache cache = CacheOfThread();
        uint index = SizeClasses.IndexOf(length);
        return index < SizeClasses.ThreadCount && cache.TryTakeHot(index) is { } block
            ? new Lease(Begin(block, length, cache))
            : RentDeep(cache, index, length);
    }

    // From the thread's stack of blocks, or the last one of those that no thread keeps.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Lease RentDeep(ThreadCache cache, uint index, int length)
    {
        Ticket? block = null;
        if (index < SizeClasses.ThreadCount)
        {
            block = cache.TryPop(index);
        }
        else if (index < SizeClasses.Count && _hardened is null)
        {
            block = _bins[index].TryTakeHot();
            block?.SetOwner(cache);
        }

        return block is null ? RentSlow(length) : new Lease(Begin(block, length, cache));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private HoldToken Begin(Ticket block, int length, ThreadCache cache)
    {
        HoldToken token = Region.OfRental(block).BeginRental(block, length, _seconds, cache);
        if (cache.CountRent())
        {
            OnSample(cache, block, token);
        }

        return token;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Lease RentSlow(int length) =>
        TryRent(length, out Lease lease) ? lease : throw OnExhausted(length);

    private Lease RentBlock(int length)
    {
        ThreadCache cache = CacheOf(this) ?? CacheOfThread();
        uint index = SizeClasses.IndexOf(length);
        Ticket? block = _hardened is { } hardened ? TakeHardened(hardened, length)
            : index < SizeClasses.ThreadCount ? cache.TryTakeHot(index) ?? cache.TryPop(index)
            : index < SizeClasses.Count ? _bins[index].TryTakeHot()
            : null;
        if (block is null)
        {
            block = TakeBlock(cache, index, length);
            if (block is null)
            {
                return default;
            }

            Interlocked.Increment(ref _misses);
        }

        block.SetOwner(cache);
        return new Lease(Begin(block, length, cache));
    }

    // From the bins, or the system; if the budget is used up, once more after all that is cached has been given back.
    private Ticket? TakeBlock(ThreadCache cache, uint index, int length)
    {
        Balance();
        Ticket? block = null;
        bool failed = true;
        try
        {
            block = TryTakeBlock(cache, index, length);
            if (block is null)
            {
                TakeBack(idleOnly: false);
                block = TryTakeBlock(cache, index, length);
            }

            failed = false;
        }
        finally
        {
            // Who began to wait meanwhile did not find the blocks that were on their way to the cache, or what had been charged in vain.
            if (failed || block is not null)
            {
                ServeWaiters();
            }
        }

        StartTimer();
        NotePeak();
        return block;
    }

    private Ticket? TryTakeBlock(ThreadCache cache, uint index, int length) =>
        index < SizeClasses.ThreadCount ? cache.Refill((int)index)
        : index < SizeClasses.Count ? _bins[index].TakeOne()
        : _large.TryMake(length);

    private long BlockBytes(int length)
    {
        uint index = SizeClasses.IndexOf(length);
        return length == 0 ? 0 : index < SizeClasses.Count ? _bins[index].BlockSize : Memory.RoundUp(length);
    }
}
