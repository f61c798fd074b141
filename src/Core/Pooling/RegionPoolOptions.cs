namespace FastBuffers;

/// <summary>How a <see cref="RegionPool"/> is made. Read when the pool is created; later changes have no effect.</summary>
public sealed class RegionPoolOptions
{
    private string _name = "pool";
    private long _maxBytes = long.MaxValue;
    private int _alignment = RegionOptions.DefaultAlignment;
    private TimeSpan _idleTrim = TimeSpan.FromSeconds(10);

    /// <summary>The name in metrics, events and messages; "pool" by default.</summary>
    /// <exception cref="ArgumentException">The name is null or empty.</exception>
    public string Name
    {
        get => _name;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            _name = value;
        }
    }

    /// <summary>
    /// The most bytes that are rented and cached together, counted in whole blocks; at least 1, no limit by default. Never exceeded.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MaxBytes
    {
        get => _maxBytes;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxBytes = value;
        }
    }

    /// <summary>What the blocks are made of.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the names.</exception>
    public PoolBacking Backing
    {
        get;
        set => field = Enum.IsDefined(value) ? value : throw PoolErrors.NotDefined(nameof(Backing), value);
    }

    /// <summary>
    /// The alignment of each rental's first byte, in bytes: a power of two from 1 to 4096; 64 by default. What is less than 64 is 64.
    /// Not for <see cref="PoolBacking.PinnedHeap"/>, whose arrays begin where the runtime puts them.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range or not a power of two.</exception>
    public int Alignment
    {
        get => _alignment;
        set => _alignment = value is >= 1 and <= PoolErrors.MaxAlignment && int.IsPow2(value) ? value : throw PoolErrors.BadAlignment(value);
    }

    /// <summary>When bytes are cleared. Set it where one process serves several tenants; <see cref="PoolClearing.None"/> by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the names.</exception>
    public PoolClearing Clear
    {
        get;
        set => field = Enum.IsDefined(value) ? value : throw PoolErrors.NotDefined(nameof(Clear), value);
    }

    /// <summary>How much is recorded to find rentals that were lost; <see cref="LeakDetectionLevel.Sampled"/> by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the names.</exception>
    public LeakDetectionLevel LeakDetection
    {
        get;
        set => field = Enum.IsDefined(value) ? value : throw PoolErrors.NotDefined(nameof(LeakDetection), value);
    } = LeakDetectionLevel.Sampled;

    /// <summary>
    /// Hardens each rental for 1, each n-th for n, none for 0, which is the default and costs nothing. A hardened rental is on pages of its
    /// own and ends at a page that nobody can access; so do its pages become when it ends. Whole Immutable holds make them read-only. What
    /// breaks that stops the process at the spot, and what was written beside the bytes stops it at the end of the rental
    /// (<see cref="Environment.FailFast(string)"/>). For <see cref="PoolBacking.Native"/>; every rental of such a pool is slower, also
    /// those that are not hardened.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int HardenEvery
    {
        get;
        set => field = value >= 0 ? value : throw PoolErrors.BadHardenEvery(value);
    }

    /// <summary>
    /// How long memory must have been idle before it goes back to the system, about: it is looked at twice in that time. More than
    /// zero, 10 seconds by default; <see cref="Timeout.InfiniteTimeSpan"/> for never.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or longer than 49 days.</exception>
    public TimeSpan IdleTrim
    {
        get => _idleTrim;
        set => _idleTrim = value == Timeout.InfiniteTimeSpan || (value > TimeSpan.Zero && value.TotalDays <= 49)
            ? value
            : throw PoolErrors.BadIdleTrim(value);
    }

    /// <summary>The clock of everything that takes time; the system's by default.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    } = TimeProvider.System;

    /// <summary>Where the pages of hardened rentals come from.</summary>
    internal GuardedPages GuardedPages { get; set; } = GuardedPages.OfProcess;
}
