namespace FastBuffers.Locking;

/// <summary>Where one traced domain was made, and its live holds in the order in which they were taken. Thread-safe.</summary>
internal sealed class HoldTraces
{
    private readonly Lock _lock = new();
    private readonly LinkedList<HoldTrace> _live = [];

    /// <summary>The stack that made the domain.</summary>
    internal string Birth { get; } = Environment.StackTrace;

    internal HoldTrace Add(HoldKind kind, in HoldExtent extent)
    {
        var trace = new HoldTrace(kind, extent, TimeProvider.System.GetTimestamp());
        lock (_lock)
        {
            _live.AddLast(trace);
        }

        return trace;
    }

    internal void Remove(HoldTrace trace)
    {
        lock (_lock)
        {
            _live.Remove(trace);
        }
    }

    /// <summary>One entry per hold.</summary>
    /// <param name="length">The length of the domain, in bytes.</param>
    internal List<HoldInfo> ToList(long length)
    {
        lock (_lock)
        {
            return [.. _live.Select(trace => new HoldInfo
            {
                Kind = trace.Kind,
                Start = trace.Extent.Start,
                Length = trace.Extent.IsWhole ? length : trace.Extent.Length,
                Age = TimeProvider.System.GetElapsedTime(trace.Since),
                Stack = trace.Birth,
            })];
        }
    }
}
