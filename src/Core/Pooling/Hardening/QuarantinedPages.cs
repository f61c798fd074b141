namespace FastBuffers;

/// <summary>
/// Pages that nobody may access any more, kept so that no other memory is at their addresses: the last ones, first in first out.
/// Thread-safe.
/// </summary>
/// <param name="guarded">Where the pages go back to.</param>
internal sealed class QuarantinedPages(GuardedPages guarded)
{
    /// <summary>The most mappings that are kept.</summary>
    internal const int MaxMappings = 64;

    /// <summary>The most bytes of addresses that are kept, unless the last mapping alone has more.</summary>
    internal const long MaxBytes = 64 << 20;

    private readonly Lock _lock = new();
    private readonly Queue<(nint Address, long Bytes)> _kept = new();
    private long _bytes;
    private bool _isClosed;

    /// <summary>Keeps pages that are inaccessible, and lets go of those that were kept the longest if there are too many.</summary>
    internal void Add(nint address, long bytes)
    {
        lock (_lock)
        {
            _kept.Enqueue((address, bytes));
            _bytes += bytes;
            LetGo();
        }
    }

    /// <summary>Lets go of all, and of what comes from here on.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            LetGo();
        }
    }

    private void LetGo()
    {
        int most = _isClosed ? 0 : MaxMappings;
        while (_kept.Count > most || (_kept.Count > 1 && _bytes > MaxBytes))
        {
            (nint address, long bytes) = _kept.Dequeue();
            if (!guarded.TryUnmap(address, bytes))
            {
                // Addresses without memory; taken back later, when the system has room in its table.
                _kept.Enqueue((address, bytes));
                break;
            }

            _bytes -= bytes;
        }
    }
}
