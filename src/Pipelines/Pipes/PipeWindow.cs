namespace FastBuffers.Pipelines;

/// <summary>
/// The memory that a writer hands out, of all its segments: always what has not been published of the current one. Memory from before a
/// flush is longer than that, and throws, or is a part of it, and hits what is the writer's own.
/// </summary>
internal sealed class PipeWindow(IUnpublished writer) : MemoryManager<byte>
{
    /// <summary>A part of the window.</summary>
    internal Memory<byte> Part(int start, int length) => CreateMemory(start, length);

    public override Span<byte> GetSpan() => writer.Unpublished;

    public override MemoryHandle Pin(int elementIndex = 0) => writer.PinUnpublished(elementIndex);

    public override void Unpin()
    {
        // Each pin is an object of its own: see LeasePin.
    }

    protected override void Dispose(bool disposing)
    {
        // The window is the writer's.
    }
}
