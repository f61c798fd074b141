using System.Diagnostics.Metrics;

namespace FastBuffers.Tests.Pooling.Diagnostics;

[Collection(ProcessWide.Name)]
public sealed class PoolMeterTests
{
    [Fact]
    public void Every_figure_has_an_instrument_with_a_unit_and_a_description()
    {
        using var pool = new RegionPool();
        List<Instrument> instruments = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == "FastBuffers")
            {
                instruments.Add(instrument);
            }
        };
        listener.Start();

        Assert.Equal(
            [
                "fastbuffers.pool.array_escapes {array}", "fastbuffers.pool.cached By", "fastbuffers.pool.double_returns {return}",
                "fastbuffers.pool.hardened_rents {rental}", "fastbuffers.pool.hardening_refusals {rental}", "fastbuffers.pool.leaks {rental}",
                "fastbuffers.pool.misses {rental}", "fastbuffers.pool.peak_rented By", "fastbuffers.pool.rented By",
                "fastbuffers.pool.rents {rental}", "fastbuffers.pool.reserved By", "fastbuffers.pool.returns {rental}",
                "fastbuffers.pool.trims {trim}", "fastbuffers.pool.waits {rental}",
            ],
            instruments.Select(static instrument => $"{instrument.Name} {instrument.Unit}").Order(StringComparer.Ordinal));
        Assert.All(instruments, static instrument => Assert.EndsWith(".", instrument.Description, StringComparison.Ordinal));
        Assert.Equal(typeof(RegionPoolStatistics).GetProperties().Length, instruments.Count);
    }

    [Fact]
    public void The_figures_are_those_of_the_statistics()
    {
        using var pool = new RegionPool(new RegionPoolOptions { Name = "figures" });
        using Lease held = pool.Rent(1000);
        pool.Rent(5_000_000).Dispose();
        Lease twice = pool.Rent(100);
        twice.Dispose();
        twice.Dispose();

        Dictionary<string, long> seen = Collect("figures");

        RegionPoolStatistics now = pool.Statistics;
        Assert.True(now is { Rents: 3, Returns: 2, DoubleReturns: 1, RentedBytes: > 0 });
        Assert.Equal(
            new Dictionary<string, long>
            {
                ["rented"] = now.RentedBytes,
                ["cached"] = now.CachedBytes,
                ["reserved"] = now.ReservedBytes,
                ["peak_rented"] = now.PeakRentedBytes,
                ["rents"] = now.Rents,
                ["returns"] = now.Returns,
                ["misses"] = now.Misses,
                ["waits"] = now.Waits,
                ["leaks"] = now.Leaks,
                ["double_returns"] = now.DoubleReturns,
                ["trims"] = now.Trims,
                ["hardened_rents"] = now.HardenedRents,
                ["hardening_refusals"] = now.HardeningRefusals,
                ["array_escapes"] = now.ArrayEscapes,
            },
            seen);
    }

    [Fact]
    public void Pools_of_one_name_are_added_up()
    {
        using var one = new RegionPool(new RegionPoolOptions { Name = "twin" });
        using var other = new RegionPool(new RegionPoolOptions { Name = "twin" });
        one.Rent(10).Dispose();
        other.Rent(10).Dispose();

        Assert.Equal(2, Collect("twin")["rents"]);
    }

    [Fact]
    public void A_pool_that_was_disposed_is_not_reported_any_more()
    {
        var pool = new RegionPool(new RegionPoolOptions { Name = "ended" });
        Assert.NotEmpty(Collect("ended"));

        pool.Dispose();

        Assert.Empty(Collect("ended"));
    }

    [Fact]
    public void A_pool_that_was_dropped_is_not_kept_alive_by_its_figures()
    {
        WeakReference? dropped = null;
        Race.Run(() => dropped = new WeakReference(new RegionPool(new RegionPoolOptions { Name = "dropped" })));
        Collect("dropped");
        Thread.Sleep(TimeSpan.FromMilliseconds(1));

        Assert.True(DiagnosticsWatch.CollectUntil(() => !dropped!.IsAlive));
        Assert.Empty(Collect("dropped"));
    }

    // Two collections: the second must not be answered from the first.
    private static Dictionary<string, long> Collect(string pool)
    {
        Dictionary<string, long> seen = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "FastBuffers")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (tags.Length == 1 && tags[0].Key == "fastbuffers.pool.name" && pool.Equals(tags[0].Value))
            {
                seen.Add(instrument.Name["fastbuffers.pool.".Length..], value);
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        seen.Clear();
        listener.RecordObservableInstruments();
        return seen;
    }
}
