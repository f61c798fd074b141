namespace FastBuffers;

/// <summary>The exceptions of exporters and of their consumer, out of line, with messages that name the value and the rule.</summary>
internal static class ExporterErrors
{
    internal static BufferException Unsupported(string exporter, HoldKind kind, HoldCapabilities supported) =>
        new($"{kind} is not supported by {exporter}, which supports {supported}.");

    /// <summary>The exception for what an exporter refused: its own, if it threw one.</summary>
    internal static Exception Refused<T>(in T source, HoldKind kind, HoldRefusal refusal, BufferException? cause)
        where T : IBufferExporter
    {
        if (cause is not null)
        {
            return cause is BufferConflictException
                ? new BufferConflictException(cause.Message, cause)
                : new BufferException(cause.Message, cause);
        }

        if (refusal == HoldRefusal.Unsupported)
        {
            return Unsupported(source.GetType().Name, kind, source.Capabilities);
        }

        return Tracked(source, out RangeRequest range) is { } region
            ? HoldErrors.Conflict(region, kind, region.Tracker.Word, range)
            : new BufferConflictException($"{kind} refused by {source.GetType().Name}: a conflicting hold is active.");
    }

    /// <summary>Throws when an exporter's answer breaks a rule; the caller releases what was returned.</summary>
    internal static void ThrowIfBroken<T>(in T source, HoldKind kind, HoldRefusal refusal, Lease lease, int length)
        where T : IBufferExporter
    {
        if (refusal != HoldRefusal.None)
        {
            if (lease != default)
            {
                throw Broken(source, kind, answer: false, lease.ToString(), "a refusal must leave the lease default");
            }

            return;
        }

        if (lease.IsReleased)
        {
            throw Broken(source, kind, answer: true, lease.ToString(), "a lease must be alive");
        }

        if (lease.Kind != kind)
        {
            throw Broken(source, kind, answer: true, lease.ToString(), "a lease must be of the kind that was asked for");
        }

        // An exporter that was resized in between has another length by now, and cannot be resized under the lease.
        if (lease.Length != length && lease.Length != source.Length)
        {
            throw Broken(source, kind, answer: true, lease.ToString(), $"a lease must have the exporter's Length, {length}");
        }
    }

    private static BufferException Broken<T>(T source, HoldKind kind, bool answer, string given, string rule)
        where T : IBufferExporter =>
        new($"{source.GetType()} answered {(answer ? "true" : "false")} to TryTake({kind}) with {given}: {rule}.");

    // The region whose holds refuse, where it can be known, and the bytes they are on, which a resize may have changed since.
    private static Region? Tracked(IBufferExporter source, out RangeRequest range)
    {
        switch (source)
        {
            case Region region:
                range = new RangeRequest(0, region.Length, 0);
                return region;
            case RegionSlice slice:
                range = slice.Range;
                return slice.Region;
            case Lease lease:
                Region leased = lease.Locate(out HoldExtent extent);
                range = new RangeRequest(extent.Start, extent.Start + (extent.IsWhole ? leased.Length : extent.Length), 0);
                return leased;
            case ReadOnlyExporter masked:
                return Tracked(masked.Inner, out range);
            case LeaseMemoryExporter memory:
                return Tracked(memory.Lease, out range);
            default:
                range = default;
                return null;
        }
    }
}
