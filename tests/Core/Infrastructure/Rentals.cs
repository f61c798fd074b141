using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers.Tests.Infrastructure;

/// <summary>What tests of the pool look at: where a rental is, and whether its bytes are still its own.</summary>
internal static unsafe class Rentals
{
    /// <summary>The address of the first byte.</summary>
    internal static nint AddressOf(Lease lease) => AddressOf(lease.ReadOnlySpan);

    /// <inheritdoc cref="AddressOf(Lease)"/>
    internal static nint AddressOf(ReadOnlySpan<byte> bytes) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));

    /// <summary>The bytes at an address, whoever has them.</summary>
    internal static Span<byte> At(nint address, int length) => new((void*)address, length);

    /// <summary>Writes all over a rental what tells its owner.</summary>
    internal static void Stamp(Lease lease, int owner) => Stamp(lease.Span, owner);

    /// <inheritdoc cref="Stamp(Lease, int)"/>
    internal static void Stamp(Span<byte> bytes, int owner)
    {
        // A few words at both ends and the last byte of the rest: enough to meet another owner, and quick.
        for (int i = 0; i < bytes.Length; i = Next(i, bytes.Length))
        {
            bytes[i] = Byte(owner, i);
        }
    }

    /// <summary>Whether nobody else wrote there since <see cref="Stamp(Lease, int)"/>.</summary>
    internal static bool HasStamp(Lease lease, int owner) => HasStamp(lease.ReadOnlySpan, owner);

    /// <inheritdoc cref="HasStamp(Lease, int)"/>
    internal static bool HasStamp(ReadOnlySpan<byte> bytes, int owner)
    {
        for (int i = 0; i < bytes.Length; i = Next(i, bytes.Length))
        {
            if (bytes[i] != Byte(owner, i))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Runs something on a thread of its own that has ended afterwards.</summary>
    internal static T Elsewhere<T>(Func<T> function)
    {
        T result = default!;
        Race.Run(() => result = function());
        return result;
    }

    private static int Next(int i, int length) => i < 64 || i >= length - 64 ? i + 1 : Math.Min(i + 509, length - 64);

    private static byte Byte(int owner, int i) => (byte)((owner * 0x9E3779B1) >> (24 - (8 * (i & 3))));
}
