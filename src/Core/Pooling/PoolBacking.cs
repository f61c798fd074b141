namespace FastBuffers;

/// <summary>What the blocks of a <see cref="RegionPool"/> are made of.</summary>
public enum PoolBacking
{
    /// <summary>Native memory, in large spans from the system.</summary>
    Native,

    /// <summary>
    /// Arrays in the pinned heap, for callers that insist on arrays: <see cref="System.Runtime.InteropServices.MemoryMarshal.TryGetArray"/>
    /// works on a lease's memory of any kind of hold. Whoever has the array is not checked any more, also when the rental is over, and each
    /// such call is counted (<see cref="RegionPoolStatistics.ArrayEscapes"/>). Every block is an array of its own;
    /// <see cref="Region.Wrap(byte[])"/> gives the region of the rental that it was got from. Aligned to 8 bytes, whatever is asked for.
    /// </summary>
    PinnedHeap,
}
