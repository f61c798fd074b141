using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;

namespace FastBuffers.Tests.Pooling.Diagnostics;

[Collection(ProcessWide.Name)]
public sealed class PoolEventsTests
{
    [Fact]
    public void A_leak_says_length_and_age_and_the_stack_that_rented()
    {
        using var listener = new Listener("leaky");
        using var pool = new RegionPool(new RegionPoolOptions { Name = "leaky", LeakDetection = LeakDetectionLevel.Every });
        Race.Run(() => pool.Rent(70_021));

        Assert.True(DiagnosticsWatch.CollectUntil(() => pool.Statistics.Leaks == 1));

        EventWrittenEventArgs seen = Assert.Single(listener.Events);
        Assert.Equal(("Leak", EventLevel.Warning), (seen.EventName, seen.Level));
        Assert.Equal(70_021L, seen.Payload![1]);
        Assert.InRange((double)seen.Payload[2]!, 0, 100);
        Assert.Contains(nameof(A_leak_says_length_and_age_and_the_stack_that_rented), (string)seen.Payload[3]!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_return_is_told()
    {
        using var listener = new Listener("twice");
        using var pool = new RegionPool(new RegionPoolOptions { Name = "twice" });
        Lease lease = pool.Rent(100);
        lease.Dispose();
        Assert.Empty(listener.Events);

        lease.Dispose();

        Assert.Equal(["DoubleReturn: twice"], listener.Lines);
    }

    [Fact]
    public void A_trim_says_the_bytes_unless_there_are_none()
    {
        using var listener = new Listener("trimmed");
        using var pool = new RegionPool(new RegionPoolOptions { Name = "trimmed" });
        pool.Trim();
        pool.Rent(100).Dispose();

        long bytes = pool.Trim();

        Assert.Equal([string.Create(CultureInfo.InvariantCulture, $"Trim: trimmed {bytes}")], listener.Lines);
    }

    [Fact]
    public async Task A_refusal_and_a_wait_say_what_was_asked_for()
    {
        using var listener = new Listener("limited");
        using var pool = new RegionPool(new RegionPoolOptions { Name = "limited", MaxBytes = 4096 });
        Lease all = await pool.RentAsync(4096);
        Assert.Throws<PoolExhaustedException>(() => pool.Rent(64));
        ValueTask<Lease> waiting = pool.RentAsync(128);
        await Assert.ThrowsAsync<PoolExhaustedException>(async () => await pool.RentAsync(5000));
        all.Dispose();
        (await waiting).Dispose();

        Assert.Equal(
            ["Exhausted: limited 64 4096 4096 0", "Wait: limited 128", "Exhausted: limited 5000 4096 4096 0"],
            listener.Lines.Where(static line => !line.StartsWith("Trim", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_manifest_has_no_error()
    {
        EventSource source = EventSource.GetSources().Single(static source => source.Name == "FastBuffers");

        Assert.Null(source.ConstructionException);
        Assert.NotEmpty(EventSource.GenerateManifest(source.GetType(), null, EventManifestOptions.Strict)!);
    }

    private sealed class Listener(string pool) : EventListener
    {
        internal ConcurrentQueue<EventWrittenEventArgs> Events { get; } = [];

        internal IEnumerable<string> Lines => Events.Select(static seen => string.Create(
            CultureInfo.InvariantCulture, $"{seen.EventName}: {string.Join(' ', seen.Payload!)}"));

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "FastBuffers")
            {
                EnableEvents(eventSource, EventLevel.Verbose);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventSource.Name == "FastBuffers" && pool?.Equals(eventData.Payload?[0]) == true)
            {
                Events.Enqueue(eventData);
            }
        }
    }
}
