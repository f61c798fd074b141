using System.Buffers;

namespace FastBuffers;

/// <summary>One pin of somebody's memory, until it is disposed.</summary>
internal sealed unsafe class PinnedMemory(ReadOnlyMemory<byte> memory) : IDisposable
{
    private MemoryHandle _handle = memory.Pin();

    internal byte* Address => (byte*)_handle.Pointer;

    public void Dispose() => _handle.Dispose();
}
