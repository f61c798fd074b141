namespace FastBuffers.Tests.Infrastructure;

/// <summary>An exporter that says and does what a test wants, and counts how often it was asked.</summary>
internal sealed class FakeExporter : IBufferExporter
{
    internal delegate bool Taking(HoldKind kind, ref Lease lease);

    public HoldCapabilities Capabilities { get; init; } = ConflictTable.AllKinds;

    public int Length { get; init; } = 8;

    internal required Taking Take { get; init; }

    internal int Asked { get; private set; }

    /// <summary>A wrapper that passes takes on, and declares for itself.</summary>
    internal static FakeExporter Around(IBufferExporter inner, HoldCapabilities declared) => new()
    {
        Capabilities = declared,
        Length = inner.Length,
        Take = (HoldKind kind, ref Lease lease) => inner.TryTake(kind, out lease),
    };

    public bool TryTake(HoldKind kind, out Lease lease)
    {
        Asked++;
        lease = default;
        return Take(kind, ref lease);
    }
}
