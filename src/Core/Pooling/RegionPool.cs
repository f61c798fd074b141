using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>
/// Rents out native memory. A rental is an Exclusive lease, and the lease is the ownership: when the last hold of the rental ends, the
/// memory is back in the pool by itself, once, whoever ends it and however often. Thread-safe.
/// </summary>
/// <remarks>
/// Blocks of up to 32 KiB are cached by the thread that returned them, up to about 256 KiB a thread, the others and the rest in bins that
/// all threads share. Memory that has been idle for a while goes back to the system, out of the caches of sleeping and ended threads
/// too.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class RegionPool : IDisposable
{
    private readonly BlockBin[] _bins = new BlockBin[SizeClasses.Count];
    private readonly long _sampleMask;
    private readonly PoolClearing _clearing;
    private readonly bool _isShared;
    private bool _isDisposed;

    /// <summary>Makes a pool; it takes memory from the system when that is first needed.</summary>
    /// <param name="options">How; the defaults of <see cref="RegionPoolOptions"/> for null.</param>
    public RegionPool(RegionPoolOptions? options = null)
        : this(options ?? new RegionPoolOptions(), isShared: false)
    {
    }

    private RegionPool(RegionPoolOptions options, bool isShared)
    {
        Name = options.Name;
        _clearing = options.Clear;
        _isShared = isShared;
        IsTraced = options.LeakDetection == LeakDetectionLevel.EveryWithTouches;
        Budget = new ByteBudget(options.MaxBytes);
        Pages = new PageHeap();
        _sampleMask = SampleMask(options);
        for (int index = 0; index < _bins.Length; index++)
        {
            int alignment = options.Alignment;
            _bins[index] = new BlockBin(this, index, (SizeClasses.SizeOf(index) + alignment - 1) & -alignment);
        }
    }

    /// <summary>A pool without limit for those who need no other. Its Dispose does nothing.</summary>
    public static RegionPool Shared { get; } = new(new RegionPoolOptions { Name = "shared" }, isShared: true);

    /// <summary>The name in metrics, events and messages.</summary>
    public string Name { get; }

    /// <summary>The bytes of rented and cached blocks, and their limit.</summary>
    internal ByteBudget Budget { get; }

    /// <summary>Where slabs come from.</summary>
    internal PageHeap Pages { get; }

    /// <summary>Whether every hold is traced.</summary>
    internal bool IsTraced { get; }

    /// <summary>Whether the bytes are cleared when a rental ends.</summary>
    internal bool ClearsOnReturn => _clearing == PoolClearing.OnReturn;

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
        uint index = SizeClasses.IndexOf(length);
        if (index < SizeClasses.ThreadCount
            && CacheOf(this) is { } cache
            && cache.TryTake(index) is { } block)
        {
            HoldToken token = Region.OfRental(block).BeginRental(block, length);
            return cache.IsSample ? OnRented(cache, block, token, length) : new Lease(token);
        }

        return RentSlow(length);
    }

    /// <summary>Rents memory, unless that would exceed the pool's limit.</summary>
    /// <param name="length">The number of bytes, 0 or more.</param>
    /// <param name="lease">As for <see cref="Rent(int)"/>; <c>default</c> when the answer is false.</param>
    /// <returns>False when <see cref="RegionPoolOptions.MaxBytes"/> would be exceeded, also after what was cached had been given back.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative or more than <see cref="Array.MaxLength"/>.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public bool TryRent(int length, out Lease lease)
    {
        lease = TryRentSlow(length);
        return !lease.Token.IsDefault;
    }

    /// <inheritdoc/>
    public override string ToString() => $"RegionPool \"{Name}\"";

    /// <summary>The bin of a size class.</summary>
    internal BlockBin Bin(int index) => _bins[index];

    // A rental is recorded when the number of the thread's rentals has none of these bits.
    private static long SampleMask(RegionPoolOptions options) => options.LeakDetection switch
    {
        _ when options.Clear == PoolClearing.OnRent => 0,
        LeakDetectionLevel.Off => -1,
        LeakDetectionLevel.Sampled => 127,
        _ => 0,
    };
}
