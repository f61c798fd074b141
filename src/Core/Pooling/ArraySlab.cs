using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>One array, which is one block.</summary>
/// <param name="source">Whose block it is.</param>
/// <param name="array">The array, in the pinned heap; whoever has its bytes has this slab, and keeps it alive.</param>
internal sealed unsafe class ArraySlab(BlockSource source, byte[] array) : Slab(source, AddressOf(array), capacity: 1, array.Length)
{
    private Region? _escaped;
    private bool _isKnown;

    internal byte[] Array => array;

    /// <summary>The region of the rental, if that goes on and somebody got the array from it; else null.</summary>
    internal Region? Escaped =>
        Volatile.Read(ref _escaped) is { IsClosed: false } region && ReferenceEquals(region.Slab, this) ? region : null;

    /// <summary>Notes that somebody gets the array from a rental, and makes its region known as that of the array.</summary>
    /// <param name="region">The region of the rental.</param>
    /// <param name="token">The hold through which the array is got.</param>
    /// <exception cref="ObjectDisposedException">The hold has ended.</exception>
    internal void Escape(Region region, HoldToken token)
    {
        Region? seen = Volatile.Read(ref _escaped);
        region.Expose(token);
        if (!ReferenceEquals(seen, region))
        {
            // Not over that of a later rental: then the hold has ended since.
            Region? found = Interlocked.CompareExchange(ref _escaped, region, seen);
            if (!ReferenceEquals(found, seen) && !ReferenceEquals(found, region))
            {
                throw HoldErrors.Released(token.Kind);
            }
        }

        if (!Volatile.Read(ref _isKnown))
        {
            ArrayRegions.AddPooled(this);
            Volatile.Write(ref _isKnown, true);
        }
    }

    private static nint AddressOf(byte[] array) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
}
