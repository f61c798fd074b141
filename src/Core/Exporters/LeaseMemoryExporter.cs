namespace FastBuffers;

/// <summary>Memory that came from a lease, or a part of it: its holds are taken beside that lease, on the same tracker.</summary>
internal sealed class LeaseMemoryExporter(LeaseMemory memory, int start, int length) : IBufferExporter
{
    public HoldCapabilities Capabilities => Lease.Capabilities;

    public int Length
    {
        get
        {
            Lease.RequireAlive();
            return length;
        }
    }

    internal Lease Lease => memory.Lease;

    public bool TryTake(HoldKind kind, out Lease lease) => ExportedPart.TryTake(Lease, kind, start, length, out lease);
}
