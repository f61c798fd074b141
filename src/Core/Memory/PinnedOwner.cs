using System.Buffers;
using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>The memory of an <see cref="IMemoryOwner{T}"/>, pinned until it is disposed with the region over it.</summary>
internal sealed unsafe class PinnedOwner : IDisposable
{
    private readonly IMemoryOwner<byte> _owner;
    private MemoryHandle _handle;

    internal PinnedOwner(IMemoryOwner<byte> owner)
    {
        _owner = owner;
        _handle = owner.Memory.Pin();
        WholeArray = MemoryMarshal.TryGetArray<byte>(owner.Memory, out ArraySegment<byte> segment)
            && segment.Array is { Length: > 0 } array
            && segment.Count == array.Length
                ? array
                : null;
    }

    /// <summary>The array behind the memory, if the memory is all of it.</summary>
    internal byte[]? WholeArray { get; }

    internal byte* Address => (byte*)_handle.Pointer;

    public void Dispose()
    {
        Unpin();
        _owner.Dispose();
    }

    /// <summary>Leaves the owner as it was before the constructor.</summary>
    internal void Unpin() => _handle.Dispose();
}
