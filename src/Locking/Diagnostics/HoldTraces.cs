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
    /// <param name="domain">The domain that the holds are on.</param>
    internal List<HoldInfo> ToList(HoldDomain domain)
    {
        lock (_lock)
        {
            return [.. _live.Select(trace => ToInfo(trace, domain))];
        }
    }

    // A trace goes before its hold does, so that what it meets is its own appender's frontier.
    private static HoldInfo ToInfo(HoldTrace trace, HoldDomain domain)
    {
        long written = trace.Extent.Form == HoldForm.Append ? domain.Tracker.Ranges?.Frontier?.Position ?? 0 : 0;
        return new HoldInfo
        {
            Kind = trace.Kind,
            Start = trace.Extent.Start + written,
            Length = trace.Extent.IsWhole ? domain.ByteLength : trace.Extent.Length - written,
            Age = TimeProvider.System.GetElapsedTime(trace.Since),
            Stack = trace.Birth,
        };
    }
}
