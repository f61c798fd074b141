namespace FastBuffers.Locking;

/// <summary>What was waited for one tracker or region since somebody began to watch it: waits that have ended. Thread-safe.</summary>
public sealed class LockContention : IDisposable
{
    private readonly HoldDomain _domain;
    private readonly Lock _lock = new();
    private long _waits;
    private long _timeouts;
    private TimeSpan _total;
    private TimeSpan _longest;

    internal LockContention(HoldDomain domain) => _domain = domain;

    /// <summary>How many have waited, whatever that ended with.</summary>
    public long Waits => Read(ref _waits);

    /// <summary>How many of them ran out of time.</summary>
    public long Timeouts => Read(ref _timeouts);

    /// <summary>How long they have waited, added up.</summary>
    public TimeSpan TotalWait => Read(ref _total);

    /// <summary>The longest of their waits.</summary>
    public TimeSpan LongestWait => Read(ref _longest);

    /// <summary>Counts no further. Idempotent.</summary>
    public void Dispose() => LockDiagnostics.EndWatch(_domain, this);

    internal void Add(TimeSpan waited, bool timedOut)
    {
        lock (_lock)
        {
            _waits++;
            _timeouts += timedOut ? 1 : 0;
            _total += waited;
            _longest = waited > _longest ? waited : _longest;
        }
    }

    private T Read<T>(ref T figure)
    {
        lock (_lock)
        {
            return figure;
        }
    }
}
