using System.Buffers;
using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>Finds the region over the memory of a manager that has been wrapped as an owner.</summary>
internal static class OwnedMemory
{
    /// <summary>The region, or null, and where in it the memory begins.</summary>
    internal static (Region? Region, int Start) Find(ReadOnlyMemory<byte> memory)
    {
        if (!MemoryMarshal.TryGetMemoryManager(memory, out MemoryManager<byte>? manager, out int start, out _)
            || ArrayRegions.Find(manager) is not { } region
            || !MemoryMarshal.TryGetMemoryManager<byte, MemoryManager<byte>>(manager.Memory, out _, out int first, out _))
        {
            return default;
        }

        // The region is over the manager's own Memory, of which this may be a part; or bytes beside it, of which nothing is known.
        start -= first;
        return start >= 0 && start <= region.Length - memory.Length ? (region, start) : default;
    }
}
