using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>Bytes seen as values: the one place where length and alignment are checked.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
internal static class TypedView<T>
    where T : unmanaged
{
    /// <summary>The natural alignment in bytes: where the runtime puts a value after a single byte.</summary>
    internal static unsafe nint Alignment
    {
        get
        {
            Probe probe = default;
            return (nint)((byte*)&probe.Value - &probe.First);
        }
    }

    internal static Span<T> Of(Span<byte> bytes)
    {
        ref byte first = ref MemoryMarshal.GetReference(bytes);
        if (bytes.Length % Unsafe.SizeOf<T>() != 0 || !IsAligned(ref first))
        {
            ThrowNoView(ref first, bytes.Length);
        }

        return MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref first), bytes.Length / Unsafe.SizeOf<T>());
    }

    internal static ReadOnlySpan<T> Of(ReadOnlySpan<byte> bytes) =>
        Of(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(bytes), bytes.Length));

    private static unsafe nuint Address(ref byte first) => (nuint)Unsafe.AsPointer(ref first);

    private static bool IsAligned(ref byte first) => Address(ref first) % (nuint)Alignment == 0;

    private static void ThrowNoView(ref byte first, int length) => throw (length % Unsafe.SizeOf<T>() != 0
        ? new BufferException($"{length} bytes are no whole number of {typeof(T)}, each of which has {Unsafe.SizeOf<T>()}.")
        : new BufferException($"The first byte is at address 0x{Address(ref first):X}; {typeof(T)} needs a multiple of {Alignment}."));

    private struct Probe
    {
        internal byte First;
        internal T Value;
    }
}
