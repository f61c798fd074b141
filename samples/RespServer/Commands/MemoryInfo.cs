namespace FastBuffers.Samples.Resp.Commands;

/// <summary>INFO's section on memory, by Redis's names: what is rented from the pool, and its limit. Sizes are in bytes.</summary>
internal static class MemoryInfo
{
    public static IEnumerable<(string Name, object Value)> Describe(RespServer server)
    {
        RegionPoolStatistics now = server.Memory.Statistics;
        return
        [
            ("used_memory", now.RentedBytes),
            ("used_memory_native", now.RentedBytes - server.Memory.NameBytes),
            ("used_memory_peak", now.PeakRentedBytes),
            ("used_memory_cached", now.CachedBytes),
            ("used_memory_reserved", now.ReservedBytes),
            ("maxmemory", server.Memory.Limit),
            ("maxmemory_policy", "noeviction"),
        ];
    }
}
