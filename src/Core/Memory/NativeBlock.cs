using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>One zeroed, aligned piece of native memory that the garbage collector knows the size of.</summary>
internal readonly unsafe struct NativeBlock
{
    // Above the bits that an address of a process can have.
    private const int AlignmentShift = 59;

    // The address and the logarithm of the alignment, in one word, since every region has one of these.
    private readonly ulong _allocation;

    private NativeBlock(void* allocation, int alignment) =>
        _allocation = (ulong)allocation | ((ulong)BitOperations.Log2((uint)alignment) << AlignmentShift);

    internal bool IsAllocated => _allocation != 0;

    /// <summary>The first byte, aligned.</summary>
    internal byte* Address
    {
        get
        {
            nuint mask = (nuint)Alignment - 1;
            return (byte*)(((nuint)Allocation + mask) & ~mask);
        }
    }

    private void* Allocation => (void*)(nuint)(_allocation & ((1UL << AlignmentShift) - 1));

    private int Alignment => 1 << (int)(_allocation >> AlignmentShift);

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
    internal NativeBlock AllocateAnother(int length) => Allocate((nuint)length, Alignment);

    /// <summary>Frees a block of the given length.</summary>
    internal void Free(long length)
    {
        NativeMemory.Free(Allocation);
        GC.RemoveMemoryPressure(length + Alignment);
    }
}
