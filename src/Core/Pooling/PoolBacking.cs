namespace FastBuffers;

/// <summary>What the blocks of a <see cref="RegionPool"/> are made of.</summary>
public enum PoolBacking
{
    /// <summary>Native memory, in large spans from the system.</summary>
    Native,

    /// <summary>
    /// Arrays in the pinned heap, for callers that insist on arrays: <see cref="System.Runtime.InteropServices.MemoryMarshal.TryGetArray"/>
    /// works on a lease's memory. Such an array is not checked any more once somebody has it.
    /// </summary>
    PinnedHeap,
}
