using System.Diagnostics.Tracing;

namespace FastBuffers;

/// <summary>The event source "FastBuffers": what is rare and worth to be told about, of all pools.</summary>
[EventSource(Name = "FastBuffers")]
internal sealed class PoolEvents : EventSource
{
    private const int LeakId = 1;
    private const int DoubleReturnId = 2;
    private const int TrimId = 3;
    private const int ExhaustedId = 4;
    private const int WaitId = 5;

    /// <summary>The only one. Ask <see cref="EventSource.IsEnabled()"/> first.</summary>
    internal static readonly PoolEvents Log = new();

    private PoolEvents()
    {
    }

    /// <summary>A rental was dropped without being returned.</summary>
    /// <param name="pool">The name of the pool.</param>
    /// <param name="length">The number of bytes.</param>
    /// <param name="ageSeconds">How long ago the rental began, in seconds.</param>
    /// <param name="stack">The stack that rented; empty if it was not recorded.</param>
    [Event(
        LeakId,
        Level = EventLevel.Warning,
        Message = "A rental of {1} bytes of the pool \"{0}\" was dropped without being returned, {2} s after it began. {3}")]
    internal void Leak(string pool, long length, double ageSeconds, string stack) => WriteEvent(LeakId, pool, length, ageSeconds, stack);

    /// <summary>A lease of a rental was released that had been released before; nothing was changed by it.</summary>
    [Event(DoubleReturnId, Level = EventLevel.Warning, Message = "A lease of the pool \"{0}\" was released a second time.")]
    internal void DoubleReturn(string pool) => WriteEvent(DoubleReturnId, pool);

    /// <summary>Idle memory was given back to the system.</summary>
    [Event(TrimId, Level = EventLevel.Informational, Message = "The pool \"{0}\" gave {1} idle bytes back.")]
    internal void Trim(string pool, long bytes) => WriteEvent(TrimId, pool, bytes);

    /// <summary>A rental was refused, because it would have exceeded the limit.</summary>
    [Event(
        ExhaustedId,
        Level = EventLevel.Warning,
        Message = "The pool \"{0}\" refused {1} bytes: of at most {2}, {3} are rented and {4} cached.")]
    internal void Exhausted(string pool, long length, long maxBytes, long rentedBytes, long cachedBytes) =>
        WriteEvent(ExhaustedId, pool, length, maxBytes, rentedBytes, cachedBytes);

    /// <summary>A rental has to wait for others to be returned.</summary>
    [Event(WaitId, Level = EventLevel.Informational, Message = "A rental of {1} bytes waits for the pool \"{0}\".")]
    internal void Wait(string pool, long length) => WriteEvent(WaitId, pool, length);
}
