namespace FastBuffers.Bench.Memory;

/// <summary>The limits on memory. They take a minute, and are no part of a smoke run.</summary>
internal static class MemoryRows
{
    public static IReadOnlyList<MemoryRow> All { get; } =
    [
        new("M1.reserved", "reserved while two threads rent random sizes", RandomSizes.Run),
        new("M2.burst", "resident within 30 s after a burst of 1 GiB", BurstProcess.Run, ResidentMemory.Missing),
    ];
}
