namespace FastBuffers.Samples.Resp.Commands;

/// <summary>INFO's section on the pool that the values are rented from; sizes are in bytes of whole blocks.</summary>
internal static class PoolInfo
{
    public static IEnumerable<(string Name, object Value)> Describe(RespServer server)
    {
        RegionPoolStatistics now = server.Memory.Statistics;
        return
        [
            ("rented_bytes", now.RentedBytes),
            ("cached_bytes", now.CachedBytes),
            ("reserved_bytes", now.ReservedBytes),
            ("peak_rented_bytes", now.PeakRentedBytes),
            ("rents", now.Rents),
            ("returns", now.Returns),
            ("misses", now.Misses),
            ("trims", now.Trims),
            ("leaks", now.Leaks),
            ("double_returns", now.DoubleReturns),
            ("refused", server.Memory.Refused),
        ];
    }
}
