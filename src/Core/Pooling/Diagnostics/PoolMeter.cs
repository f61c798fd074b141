using System.Diagnostics.Metrics;

namespace FastBuffers;

/// <summary>
/// The meter "FastBuffers": figures of all living pools, by name. Pools of one name are added up. Costs nothing until somebody listens and
/// collects; names after the semantic conventions of OpenTelemetry.
/// </summary>
internal static class PoolMeter
{
    internal const string Name = "FastBuffers";
    internal const string NameTag = "fastbuffers.pool.name";

    private const string Bytes = "By";
    private const string Rentals = "{rental}";

    private static readonly Meter s_meter = new(Name, typeof(PoolMeter).Assembly.GetName().Version?.ToString(3));
    private static readonly PoolReadings s_readings = new(TimeProvider.System);
    private static int s_instruments;

    static PoolMeter()
    {
        UpDown("rented", "Bytes of blocks that are rented.", static figures => figures.RentedBytes);
        UpDown("cached", "Bytes of blocks that wait for the next rental.", static figures => figures.CachedBytes);
        UpDown("reserved", "Bytes of blocks that are rented or cached.", static figures => figures.ReservedBytes);
        s_meter.CreateObservableGauge(
            FullName("peak_rented"),
            For(static figures => figures.PeakRentedBytes),
            Bytes,
            "The most bytes of blocks that were seen rented at a time.");
        Counter("rents", Rentals, "Rentals.", static figures => figures.Rents);
        Counter("returns", Rentals, "Rentals that have ended.", static figures => figures.Returns);
        Counter("misses", Rentals, "Rentals for which the thread had no block at hand.", static figures => figures.Misses);
        Counter("waits", Rentals, "Rentals that had to wait for others to be returned.", static figures => figures.Waits);
        Counter("leaks", Rentals, "Rentals that were dropped without being returned.", static figures => figures.Leaks);
        Counter("double_returns", "{return}", "Releases of leases that had been released before.", static figures => figures.DoubleReturns);
        Counter("hardened_rents", Rentals, "Rentals on pages of their own.", static figures => figures.HardenedRents);
        Counter("hardening_refusals", Rentals, "Rentals that should have been hardened and are not.", static figures => figures.HardeningRefusals);
        Counter("array_escapes", "{array}", "Times that somebody got the array behind a rental.", static figures => figures.ArrayEscapes);
        Counter("trims", "{trim}", "Times that idle memory was given back to the system.", static figures => figures.Trims);
    }

    /// <summary>Makes the instruments, once.</summary>
    internal static void Start()
    {
        // The static constructor does.
    }

    private static void UpDown(string name, string description, Func<RegionPoolStatistics, long> figure) =>
        s_meter.CreateObservableUpDownCounter(FullName(name), For(figure), Bytes, description);

    private static void Counter(string name, string unit, string description, Func<RegionPoolStatistics, long> figure) =>
        s_meter.CreateObservableCounter(FullName(name), For(figure), unit, description);

    private static string FullName(string name) => "fastbuffers.pool." + name;

    private static Func<IEnumerable<Measurement<long>>> For(Func<RegionPoolStatistics, long> figure)
    {
        int instrument = s_instruments++;
        return () => s_readings.For(instrument).Select(
            pools => new Measurement<long>(pools.Sum(figure), new KeyValuePair<string, object?>(NameTag, pools.Key)));
    }
}
