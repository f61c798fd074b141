namespace FastBuffers;

/// <summary>
/// Memory of unknown origin. Nobody can know who else uses it, so that raw kinds are all there is; each take pins it anew, until the
/// last lease made from that one has ended.
/// </summary>
internal sealed unsafe class ForeignMemoryExporter(ReadOnlyMemory<byte> memory, bool writable) : IBufferExporter
{
    // What each pin's region supports. Unknown stands for Read and Write; read-only memory must not look like that.
    private readonly HoldCapabilities _declared = writable ? HoldCapabilities.Unknown : HoldCapabilities.Read;

    public HoldCapabilities Capabilities => HoldCapabilities.Unknown;

    public int Length => memory.Length;

    public bool TryTake(HoldKind kind, out Lease lease)
    {
        HoldErrors.ThrowIfNotKind(kind);
        HoldCapabilities supported = writable ? HoldCapabilities.Read | HoldCapabilities.Write : HoldCapabilities.Read;
        if ((supported & (HoldCapabilities)kind) == 0)
        {
            throw ExporterErrors.Unsupported("memory of unknown origin", kind, supported);
        }

        lease = OwningLease.Of(Pin(), kind);
        return true;
    }

    private Region Pin()
    {
        var pin = new PinnedMemory(memory);
        try
        {
            return Region.Wrap(pin.Address, memory.Length, _declared, pin.Dispose);
        }
        catch
        {
            pin.Dispose();
            throw;
        }
    }
}
