namespace FastBuffers.Tests.Pooling.Diagnostics;

public sealed class PoolReadingsTests
{
    [Fact]
    public void The_instruments_of_one_collection_share_a_reading_and_none_gets_it_twice()
    {
        var readings = new PoolReadings(new Clock());

        ILookup<string, RegionPoolStatistics> first = readings.For(0);
        Assert.Same(first, readings.For(1));
        Assert.Same(first, readings.For(31));
        ILookup<string, RegionPoolStatistics> second = readings.For(1);

        Assert.NotSame(first, second);
        Assert.Same(second, readings.For(0));
    }

    [Fact]
    public void An_old_reading_is_not_used_for_another_instrument()
    {
        var clock = new Clock();
        var readings = new PoolReadings(clock);
        ILookup<string, RegionPoolStatistics> first = readings.For(0);

        clock.Now += TimeSpan.TicksPerSecond;

        Assert.NotSame(first, readings.For(1));
    }

    private sealed class Clock : TimeProvider
    {
        internal long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }
}
