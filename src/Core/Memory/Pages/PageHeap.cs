namespace FastBuffers;

/// <summary>
/// Hands out runs of whole pages, which it cuts from spans of 4 MiB or, if they are longer than half of that, maps by themselves.
/// Of the free stretches that have a run's length it takes the shortest, the one of the lowest address if there are several: from
/// memory in use before, if it can, else from mapped memory, else from a new span.
/// </summary>
/// <remarks>
/// All members may be called from any thread at any time; one lock is behind them. Addresses and lengths are in bytes. After
/// <see cref="Dispose"/> what is out stays valid until it is given back.
/// </remarks>
internal sealed partial class PageHeap : IDisposable
{
    /// <summary>The length of a span, in bytes.</summary>
    internal const long SpanBytes = 4 << 20;

    /// <summary>The size of a huge page where most systems have them; spans are aligned to it.</summary>
    private const long HugePageBytes = 2 << 20;

    private readonly Lock _lock = new();
    private readonly SystemMemory _memory;
    private readonly bool _hugePages;

    /// <summary>The spans that runs are cut from, by address.</summary>
    private readonly List<PageSpan> _spans = [];

    /// <summary>The runs that are mapped by themselves: their lengths by their addresses.</summary>
    private readonly Dictionary<nint, long> _alone = [];

    private long _mapped;
    private bool _disposed;

    /// <summary>A heap that has mapped nothing yet.</summary>
    /// <param name="memory">Where its pages come from.</param>
    /// <param name="hugePages">Whether to ask the system for huge pages; if not, it is asked for none.</param>
    internal PageHeap(SystemMemory memory, bool hugePages = true)
    {
        _memory = memory;
        _hugePages = hugePages;
    }

    /// <summary>What the address and the length of every run are multiples of: a power of two.</summary>
    internal int PageSize => _memory.PageSize;

    /// <summary>The bytes that are mapped, out or not.</summary>
    internal long MappedBytes
    {
        get
        {
            lock (_lock)
            {
                return _mapped;
            }
        }
    }

    /// <summary>
    /// The free bytes that may have physical memory behind them: those that were out since the last <see cref="Trim"/>, and those
    /// beside them that the system may have backed with them by huge pages.
    /// </summary>
    internal long IdleBytes
    {
        get
        {
            lock (_lock)
            {
                return CountIdle();
            }
        }
    }

    /// <summary>A length in whole pages.</summary>
    /// <param name="bytes">From 0 to <see cref="long.MaxValue"/> less a page.</param>
    internal long RoundUp(long bytes) => (bytes + PageSize - 1) & -PageSize;

    /// <summary>Hands out a run, whose bytes are whatever was there before, or zeros.</summary>
    /// <param name="bytes">The length, above 0; rounded up.</param>
    /// <returns>The address, a multiple of the page size.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is 0 or negative.</exception>
    /// <exception cref="ObjectDisposedException">The heap is disposed.</exception>
    /// <exception cref="OutOfMemoryException">The system refused; the message has the size that it was asked for.</exception>
    internal nint Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        if (bytes > long.MaxValue - PageSize)
        {
            throw PageErrors.TooMuch(bytes);
        }

        long rounded = RoundUp(bytes);
        return IsAlone(rounded) ? MapAlone(rounded) : Cut((int)(rounded / PageSize));
    }

    /// <summary>
    /// Takes a run back. What was mapped by itself is unmapped; the rest is kept for other runs until <see cref="Trim"/>. The pages
    /// must be accessible for <see cref="PageAccess.ReadWrite"/> again if they were protected.
    /// </summary>
    /// <param name="address">What <see cref="Allocate"/> returned.</param>
    /// <param name="bytes">The length that it was called with, or this rounded up.</param>
    /// <exception cref="InvalidOperationException">No such run is out; nothing has changed.</exception>
    internal void Free(nint address, long bytes)
    {
        if (bytes <= 0 || bytes > long.MaxValue - PageSize)
        {
            throw PageErrors.NotOut(address, bytes);
        }

        long rounded = RoundUp(bytes);
        if (IsAlone(rounded))
        {
            UnmapAlone(address, rounded);
        }
        else
        {
            Return(address, (int)(rounded / PageSize));
        }
    }

    private static bool IsAlone(long rounded) => rounded > SpanBytes / 2;

    private long CountIdle()
    {
        long pages = 0;
        foreach (PageSpan span in _spans)
        {
            pages += span.IdlePages;
        }

        return pages * PageSize;
    }
}
