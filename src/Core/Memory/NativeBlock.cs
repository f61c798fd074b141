using System.Globalization;
using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>One zeroed, aligned piece of native memory that the garbage collector knows the size of.</summary>
internal readonly unsafe struct NativeBlock
{
    private readonly void* _allocation;
    private readonly int _alignment;

    private NativeBlock(void* allocation, int alignment)
    {
        _allocation = allocation;
        _alignment = alignment;
    }

    internal bool IsAllocated => _allocation is not null;

    /// <summary>The first byte, aligned.</summary>
    internal byte* Address
    {
        get
        {
            nuint mask = (nuint)_alignment - 1;
            return (byte*)(((nuint)_allocation + mask) & ~mask);
        }
    }

    /// <summary>
    /// Allocates. The C library clears no page that the system hands out zeroed, which its aligned allocation cannot offer; so the
    /// block is allocated larger by the alignment, and aligned here.
    /// </summary>
    /// <param name="length">The number of bytes, 0 or more.</param>
    /// <param name="alignment">A power of two.</param>
    /// <exception cref="OutOfMemoryException">The system refused; the message has the size.</exception>
    internal static NativeBlock Allocate(nuint length, int alignment)
    {
        nuint size = checked(length + (nuint)alignment);
        void* allocation;
        try
        {
            allocation = NativeMemory.AllocZeroed(size);
        }
        catch (OutOfMemoryException exception)
        {
            throw new OutOfMemoryException(
                string.Create(
                    CultureInfo.InvariantCulture, $"{length:N0} bytes of native memory, aligned to {alignment:N0}, are not to be had."),
                exception);
        }

        GC.AddMemoryPressure((long)size);
        return new NativeBlock(allocation, alignment);
    }

    /// <summary>A zeroed block of another length and the same alignment.</summary>
    internal NativeBlock AllocateAnother(int length) => Allocate((nuint)length, _alignment);

    /// <summary>Frees a block of the given length.</summary>
    internal void Free(long length)
    {
        NativeMemory.Free(_allocation);
        GC.RemoveMemoryPressure(length + _alignment);
    }
}
