using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace FastBuffers;

// Where regions come from.
public sealed unsafe partial class Region
{
    /// <summary>Allocates zeroed native memory. The garbage collector is told of its size.</summary>
    /// <param name="length">The number of bytes, from 0 to <see cref="Array.MaxLength"/>.</param>
    /// <param name="options">Alignment and tracing; 64 bytes and as <see cref="HoldDiagnostics.TraceHolds"/> says by default.</param>
    /// <returns>A region that supports all four kinds of hold.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is out of range.</exception>
    /// <exception cref="OutOfMemoryException">There is no memory of that size; the message has it.</exception>
    public static Region Allocate(int length, RegionOptions? options = null)
    {
        RegionErrors.CheckLength(length);
        NativeBlock block = NativeBlock.Allocate((nuint)length, options?.Alignment ?? RegionOptions.DefaultAlignment);
        bool traced = options?.TraceHolds ?? HoldDiagnostics.TraceHolds;
        return new Region(block.Address, length, ConflictTable.AllKinds, traced, foreign: null, block);
    }

    /// <summary>
    /// The region of an array: the same one however often and through whatever the array is wrapped, kept as long as the array is
    /// alive. Others can reach the array, so Read and Write are supported, until it is wrapped as an immutable one.
    /// </summary>
    /// <param name="array">The array; an empty one is nobody's and gets a new region each time.</param>
    /// <returns>The array's region. Disposing it does nothing, unless it is the region of an owner whose memory the array is.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="array"/> is null.</exception>
    /// <exception cref="BufferException">The array is a pool's, and the rental that it was got from is over.</exception>
    public static Region Wrap(byte[] array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return ArrayRegions.GetOrAdd(array, asserted: null);
    }

    /// <summary>The region of an array, of which the caller asserts more than <see cref="Wrap(byte[])"/> can know.</summary>
    /// <param name="array">The array.</param>
    /// <param name="declared">
    /// The kinds of hold that may be asked for. Immutable and Exclusive assert that nobody uses the array but through its region.
    /// </param>
    /// <returns>The array's region.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="array"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="declared"/> has unknown bits.</exception>
    /// <exception cref="BufferException">The array has been wrapped with other capabilities before.</exception>
    public static Region Wrap(byte[] array, HoldCapabilities declared)
    {
        ArgumentNullException.ThrowIfNull(array);
        RegionErrors.CheckDeclared(declared);
        return ArrayRegions.GetOrAdd(array, declared);
    }

    /// <summary>The region of the array behind an immutable one. It is frozen: Read and Immutable are supported.</summary>
    /// <param name="bytes">The immutable array.</param>
    /// <returns>The array's region, the same one as that of the array itself.</returns>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is <c>default</c>.</exception>
    /// <exception cref="BufferConflictException">A Write or Exclusive hold on the array is active.</exception>
    public static Region Wrap(ImmutableArray<byte> bytes)
    {
        byte[] array = ImmutableCollectionsMarshal.AsArray(bytes)
            ?? throw new ArgumentException("A default ImmutableArray has no bytes to wrap.", nameof(bytes));
        Region region = ArrayRegions.GetOrAdd(array, asserted: null);
        region.FreezeCore();
        return region;
    }

    /// <summary>A region over the memory of an owner, pinned. The owner is disposed when the region is freed.</summary>
    /// <param name="owner">The owner, which belongs to the region from here on.</param>
    /// <returns>A region that supports all four kinds of hold: to own memory is to be the only one who uses it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="owner"/> is null.</exception>
    /// <exception cref="BufferException">The array behind the memory is in use through another region, or immutable.</exception>
    public static Region Wrap(IMemoryOwner<byte> owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        if (ArrayRegions.Find(owner) is { } wrapped)
        {
            return wrapped;
        }

        int length = owner.Memory.Length;
        var pinned = new PinnedOwner(owner);
        var region = new Region(pinned.Address, length, ConflictTable.AllKinds, HoldDiagnostics.TraceHolds, pinned, block: default);
        try
        {
            ArrayRegions.Adopt(owner, pinned.WholeArray, region);
        }
        catch
        {
            // The owner stays the caller's.
            GC.SuppressFinalize(region);
            pinned.Unpin();
            throw;
        }

        return region;
    }

    /// <summary>A region over foreign memory, which must stay valid and in place until the region is freed.</summary>
    /// <param name="memory">The first byte; null is allowed when <paramref name="length"/> is 0.</param>
    /// <param name="length">The number of bytes, from 0 to <see cref="Array.MaxLength"/>.</param>
    /// <param name="declared">The kinds that may be asked for. Unknown and Declared alone stand for raw access: Read and Write.</param>
    /// <param name="onFree">
    /// Runs exactly once, when the region has been disposed and the last hold has ended, on the thread that did the later of the
    /// two; on the finalizer thread for a region that was dropped.
    /// </param>
    /// <returns>A region of its own: wrapping the same pointer twice cannot be noticed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="memory"/> is null and <paramref name="length"/> is not 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> or <paramref name="declared"/> is out of range.</exception>
    public static Region Wrap(void* memory, int length, HoldCapabilities declared, Action? onFree = null)
    {
        RegionErrors.CheckLength(length);
        RegionErrors.CheckDeclared(declared);
        if (memory is null && length != 0)
        {
            throw new ArgumentNullException(nameof(memory), $"There are no {length} bytes at address 0.");
        }

        FreeCallback? foreign = onFree is null ? null : new FreeCallback(onFree);
        return new Region((byte*)memory, length, declared, HoldDiagnostics.TraceHolds, foreign, block: default);
    }
}
