using System.Diagnostics;

namespace FastBuffers;

/// <summary>
/// Rents out memory. A rental is an Exclusive lease, and the lease is the ownership: when the last hold of the rental ends, the
/// memory is back in the pool by itself, once, whoever ends it and however often. Thread-safe.
/// </summary>
/// <remarks>
/// Blocks of up to 32 KiB are cached by the thread that returned them, up to about 256 KiB a thread; the others and the rest are in bins
/// that all threads share. What is longer than 4 MiB comes from the system each time. Memory that has been idle for a while goes back to
/// the system, out of the caches of sleeping and ended threads too.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class RegionPool : IDisposable
{
    private readonly BlockBin[] _bins = new BlockBin[SizeClasses.Count];
    private readonly LargeBlocks _large;
    private readonly PoolClearing _clearing;
    private readonly bool _isShared;
    private volatile bool _isDisposed;

    /// <summary>Makes a pool; it takes memory from the system when that is first needed.</summary>
    /// <param name="options">How; the defaults of <see cref="RegionPoolOptions"/> for null.</param>
    /// <exception cref="ArgumentException">Rentals are to be hardened whose backing is not native.</exception>
    public RegionPool(RegionPoolOptions? options = null)
        : this(options ?? new RegionPoolOptions(), isShared: false)
    {
    }

    private RegionPool(RegionPoolOptions options, bool isShared)
    {
        PoolErrors.CheckHardening(options);
        Name = options.Name;
        _clearing = options.Clear;
        _isShared = isShared;
        _leakDetection = options.LeakDetection;
        _idleTrim = options.IdleTrim;
        _time = options.TimeProvider;
        _started = _time.GetTimestamp();
        Budget = new ByteBudget(options.MaxBytes);
        Memory = BlockMemory.Create(options.Backing);
        _large = new LargeBlocks(this);
        _queue = new RentQueue(this);
        _hardened = options.HardenEvery == 0 ? null : new HardenedBlocks(this, options);
        for (int index = 0; index < _bins.Length; index++)
        {
            int alignment = options.Alignment;
            _bins[index] = new BlockBin(this, index, (SizeClasses.SizeOf(index) + alignment - 1) & -alignment);
        }

        LivingPools.Add(this);
    }

    /// <summary>Gives the memory of a pool that was dropped back, as Dispose does.</summary>
    ~RegionPool()
    {
        // A constructor that threw has left nothing to give back.
        if (_bins[^1] is not null)
        {
            Close();
        }
    }

    /// <summary>A pool without limit for those who need no other. Its Dispose does nothing.</summary>
    public static RegionPool Shared { get; } = new(new RegionPoolOptions { Name = "shared" }, isShared: true);

    /// <summary>The name in metrics, events and messages.</summary>
    public string Name { get; }

    /// <summary>The bytes of rented and cached blocks, and their limit.</summary>
    internal ByteBudget Budget { get; }

    /// <summary>Where slabs come from.</summary>
    internal BlockMemory Memory { get; }

    /// <summary>Whether the bytes are cleared when a rental ends.</summary>
    internal bool ClearsOnReturn => _clearing == PoolClearing.OnReturn;

    /// <summary>
    /// Ends the pool: rents fail from here on, waiting ones too, and what is cached goes back to the system; what is rented does when it is
    /// returned. Idempotent; does nothing to <see cref="Shared"/>.
    /// </summary>
    public void Dispose()
    {
        if (!_isShared)
        {
            Close();
            GC.SuppressFinalize(this);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"RegionPool \"{Name}\"{(_isDisposed ? ", disposed" : string.Empty)}";

    internal bool IsDisposed => _isDisposed;

    /// <summary>The bin of a size class.</summary>
    internal BlockBin Bin(int index) => _bins[index];

    private void Close()
    {
        _isDisposed = true;
        LivingPools.Remove(this);
        StopTimer();
        _queue.Close();
        ShutCaches();
        TakeBack(idleOnly: false);
        _hardened?.Close();
        Memory.Dispose();
    }
}
