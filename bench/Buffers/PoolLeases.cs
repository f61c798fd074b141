using System.Runtime.CompilerServices;

namespace FastBuffers.Bench.Buffers;

/// <summary>Ours.</summary>
internal readonly struct PoolLeases : IBufferSource<Lease>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lease Rent(int length) => RegionPool.Shared.Rent(length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<byte> Bytes(in Lease buffer) => buffer.Span;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Return(in Lease buffer) => buffer.Dispose();
}
