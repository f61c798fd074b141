using System.Buffers;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Net;

/// <summary>One piece of output: copied bytes in a rented array, or a large value's own bytes under a lease.</summary>
internal struct Outgoing(byte[]? chunk, PinnedBytes pinned) : IDisposable
{
    /// <summary>The array that replies are copied to; null for pinned bytes.</summary>
    public readonly byte[]? Chunk => chunk;

    /// <summary>How much of the array is used.</summary>
    public int Used { get; set; }

    public readonly ReadOnlyMemory<byte> Memory => chunk is null ? pinned.Memory : chunk.AsMemory(0, Used);

    public readonly void Dispose()
    {
        if (chunk is null)
        {
            pinned.Dispose();
        }
        else
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }
}
