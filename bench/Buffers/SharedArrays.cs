using System.Buffers;
using System.Runtime.CompilerServices;

namespace FastBuffers.Bench.Buffers;

/// <summary>The runtime's own array pool. The whole array is used, whatever was asked for: cutting it to length would cost more.</summary>
internal readonly struct SharedArrays : IBufferSource<SharedArray>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SharedArray Rent(int length) => new(ArrayPool<byte>.Shared.Rent(length));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<byte> Bytes(in SharedArray buffer) => buffer.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Return(in SharedArray buffer) => ArrayPool<byte>.Shared.Return(buffer.Bytes);
}
