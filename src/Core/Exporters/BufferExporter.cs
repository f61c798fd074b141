using System.Collections.Immutable;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>
/// Makes exporters of what .NET keeps bytes in, without copying them. Whatever reaches the same storage shares one tracker. Thread-safe.
/// </summary>
public static class BufferExporter
{
    /// <summary>The region of an array: the same as <see cref="Region.Wrap(byte[])"/>.</summary>
    /// <param name="array">The array.</param>
    /// <returns>An exporter that supports Read and Write, or what was asserted of the array before. It needs no Dispose.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="array"/> is null.</exception>
    public static Region From(byte[] array) => Region.Wrap(array);

    /// <summary>The characters of a string as they lie in memory: UTF-16, two bytes each, in the byte order of this machine.</summary>
    /// <param name="text">The string.</param>
    /// <returns>An exporter that supports Read and Immutable. It needs no Dispose, and is the same one each time for one string.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static Region From(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TextRegions.GetOrAdd(text);
    }

    /// <summary>The region of an immutable array: the same as <see cref="Region.Wrap(ImmutableArray{byte})"/>.</summary>
    /// <param name="bytes">The immutable array.</param>
    /// <returns>An exporter that supports Read and Immutable. It needs no Dispose.</returns>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is <c>default</c>.</exception>
    /// <exception cref="BufferConflictException">A Write or Exclusive hold on the array behind it is active.</exception>
    public static Region From(ImmutableArray<byte> bytes) => Region.Wrap(bytes);

    /// <summary>Memory of any origin.</summary>
    /// <param name="memory">The memory.</param>
    /// <returns>
    /// An exporter that needs no Dispose. Over an array, holds are taken on that array's region; over the Memory of a lease, beside
    /// that lease; over a manager that <see cref="Region.Wrap(System.Buffers.IMemoryOwner{byte})"/> was given, on its region. Anything
    /// else is <see cref="HoldCapabilities.Unknown"/>: Read and Write, each lease with a pin of its own.
    /// </returns>
    public static IBufferExporter From(Memory<byte> memory) =>
        Known(memory) ?? new ForeignMemoryExporter(memory, writable: true);

    /// <summary>Read-only memory of any origin: the same as <see cref="From(Memory{byte})"/>, without Write and Exclusive.</summary>
    /// <param name="memory">The memory.</param>
    /// <returns>An exporter that needs no Dispose.</returns>
    public static IBufferExporter From(ReadOnlyMemory<byte> memory) =>
        Known(memory) is { } known ? new ReadOnlyExporter(known) : new ForeignMemoryExporter(memory, writable: false);

    /// <summary>The bytes of a memory-mapped view, from its offset on, as many as its capacity says.</summary>
    /// <param name="view">The view. It stays mapped until the region is freed, also when it is disposed earlier.</param>
    /// <param name="declared">
    /// The kinds that may be asked for. Others can map the same file: Immutable and Exclusive assert that nobody does, or that those
    /// who do will not write, or not look. Unknown and Declared alone stand for raw access. What the view does not permit is left out.
    /// </param>
    /// <returns>
    /// A region, to be disposed to give the view back; the same one for the same view until it is freed.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="view"/> is null.</exception>
    /// <exception cref="ArgumentException">The view permits nothing of what was declared.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="declared"/> has unknown bits, or the view is larger than <see cref="Array.MaxLength"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The view has been disposed.</exception>
    /// <exception cref="BufferException">The view has been wrapped with other capabilities before.</exception>
    public static Region From(MemoryMappedViewAccessor view, HoldCapabilities declared = HoldCapabilities.Unknown)
    {
        ArgumentNullException.ThrowIfNull(view);
        RegionErrors.CheckDeclared(declared);
        return MappedRegions.GetOrAdd(view, declared);
    }

    private static IBufferExporter? Known(ReadOnlyMemory<byte> memory)
    {
        // Managers first: memory of no bytes is an array's too, whatever it comes from.
        if (MemoryMarshal.TryGetMemoryManager(memory, out LeaseMemory? leased, out int start, out int length)
            && !(leased is RentedMemory && ArrayRegions.Find(leased) is not null))
        {
            return new LeaseMemoryExporter(leased, start, length);
        }

        if (MemoryMarshal.TryGetMemoryManager(memory, out AppendMemory? window, out start, out length))
        {
            return window.Slice(start, length);
        }

        if (OwnedMemory.Find(memory) is ({ } region, var first))
        {
            return ExportedPart.Of(region, first, memory.Length);
        }

        return MemoryMarshal.TryGetArray(memory, out ArraySegment<byte> segment)
            ? ExportedPart.Of(Region.Wrap(segment.Array!), segment.Offset, segment.Count)
            : null;
    }
}
