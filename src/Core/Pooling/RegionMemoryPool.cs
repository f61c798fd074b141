using System.Buffers;

namespace FastBuffers;

/// <summary>A <see cref="RegionPool"/> as .NET's <see cref="MemoryPool{T}"/>.</summary>
/// <param name="pool">The pool, which it does not own.</param>
internal sealed class RegionMemoryPool(RegionPool pool) : MemoryPool<byte>
{
    private const int DefaultLength = 4096;

    /// <summary>The pool behind it.</summary>
    internal RegionPool Pool => pool;

    public override int MaxBufferSize => Array.MaxLength;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        if ((uint)minBufferSize > (uint)Array.MaxLength)
        {
            minBufferSize = minBufferSize == -1
                ? DefaultLength
                : throw new ArgumentOutOfRangeException(
                    nameof(minBufferSize), minBufferSize, $"The number of bytes is from 0 to {Array.MaxLength}, or -1 for {DefaultLength}.");
        }

        return new RentedMemory(Pool.Rent(minBufferSize), minBufferSize);
    }

    protected override void Dispose(bool disposing)
    {
        // The pool is somebody else's.
    }
}
