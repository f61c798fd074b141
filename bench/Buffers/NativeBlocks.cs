using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers.Bench.Buffers;

/// <summary>The C library's allocator, as the runtime offers it.</summary>
internal readonly unsafe struct NativeBlocks : IBufferSource<NativeBlock>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativeBlock Rent(int length) => new(NativeMemory.Alloc((nuint)length), length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<byte> Bytes(in NativeBlock buffer) => new(buffer.Start, buffer.Length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Return(in NativeBlock buffer) => NativeMemory.Free(buffer.Start);
}
