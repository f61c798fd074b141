namespace FastBuffers;

/// <summary>An exporter behind read-only memory: whatever it supports, nothing is written through this one.</summary>
internal sealed class ReadOnlyExporter(IBufferExporter inner) : IBufferExporter
{
    private const HoldCapabilities Writing = HoldCapabilities.Write | HoldCapabilities.Exclusive;

    public HoldCapabilities Capabilities
    {
        get
        {
            HoldCapabilities declared = Inner.Capabilities;
            HoldCapabilities masked = declared & ~Writing;

            // What supported only writing must not look as if nothing were known of it.
            return masked == HoldCapabilities.Unknown && declared != masked ? HoldCapabilities.Declared : masked;
        }
    }

    public int Length => Inner.Length;

    internal IBufferExporter Inner { get; } = inner;

    public bool TryTake(HoldKind kind, out Lease lease)
    {
        HoldErrors.ThrowIfNotKind(kind);
        return (Writing & (HoldCapabilities)kind) == 0
            ? Inner.TryTake(kind, out lease)
            : throw ExporterErrors.Unsupported("read-only memory", kind, Capabilities);
    }
}
