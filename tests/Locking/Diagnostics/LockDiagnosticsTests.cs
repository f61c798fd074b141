using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FastBuffers.Locking.Tests.Deadlocks;
using FastBuffers.Locking.Tests.Infrastructure;
using FastBuffers.Locking.Tests.Waiting;

namespace FastBuffers.Locking.Tests.Diagnostics;

[Collection(ProcessWide.Name)]
public sealed class LockDiagnosticsTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly HoldTracker _tracker = new(100);
    private readonly LockManager _manager;

    public LockDiagnosticsTests() => _manager = new(new() { TimeProvider = _time, DetectDeadlocks = true });

    [Fact]
    public void What_is_watched_is_counted_until_it_is_not()
    {
        LockContention contention = LockDiagnostics.Watch(_tracker);
        using LockContention other = LockDiagnostics.Watch(new HoldTracker(100));
        WaitTwice();
        Assert.Equal(
            (2L, 1L, 5 * s_second, 3 * s_second), (contention.Waits, contention.Timeouts, contention.TotalWait, contention.LongestWait));
        Assert.Equal(0, other.Waits);

        contention.Dispose();
        contention.Dispose();
        WaitTwice();
        Assert.Equal(2, contention.Waits);
    }

    [Fact]
    public void Waits_are_told_to_who_listens()
    {
        ConcurrentQueue<string> seen = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "FastBuffers.Locking")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen.Enqueue($"{instrument.Name} {value} {instrument.Unit}"));
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => seen.Enqueue($"{instrument.Name} {value} {instrument.Unit}"));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => seen.Enqueue($"{instrument.Name} {value} {instrument.Unit}"));
        listener.Start();

        WaitTwice();
        Assert.Equal(
            [
                "fastbuffers.lock.timeouts 1 {wait}", "fastbuffers.lock.wait.duration 2 s", "fastbuffers.lock.wait.duration 3 s",
                "fastbuffers.lock.waits 1 {wait}", "fastbuffers.lock.waits 1 {wait}",
            ],
            seen.Order(StringComparer.Ordinal));

        seen.Clear();
        var owner = new HoldOwner();
        HoldToken held = owner.Has(_manager, _tracker, HoldKind.Exclusive);
        owner.Asks(_manager, _tracker, HoldKind.Read).Deadlocks();
        Assert.Contains("fastbuffers.lock.deadlocks 1 {wait}", seen);

        // Other tests have left some who wait for ever.
        seen.Clear();
        int before = LockDiagnostics.LongestWaits(int.MaxValue).Count;
        Task<HoldToken> wait = _manager.Begin(_tracker, HoldKind.Read);
        listener.RecordObservableInstruments();
        Assert.Equal([$"fastbuffers.lock.waiters {before + 1} {{waiter}}"], seen);
        held.TryRelease();
        wait.Granted().TryRelease();
    }

    [Fact]
    public void The_longest_waits_come_first()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Task<HoldToken> first = _manager.Begin(_tracker, HoldKind.Read);
        _time.Advance(s_second);
        Task<HoldToken> second = _manager.Begin(_tracker, HoldKind.Write, 10, 20);
        _time.Advance(s_second);

        DomainHold[] expected =
        [
            new(_tracker, new HoldInfo { Kind = HoldKind.Read, Length = 100, Age = 2 * s_second }),
            new(_tracker, new HoldInfo { Kind = HoldKind.Write, Start = 10, Length = 20, Age = s_second }),
        ];
        Assert.Equal(expected, LockDiagnostics.LongestWaits(int.MaxValue).Where(wait => wait.Domain == _tracker));
        Assert.True(Assert.Single(LockDiagnostics.LongestWaits(1)).Hold.Age >= 2 * s_second);
        held.TryRelease();
        first.Granted().TryRelease();
        second.Granted().TryRelease();
        Assert.DoesNotContain(LockDiagnostics.LongestWaits(int.MaxValue), wait => wait.Domain == _tracker);
    }

    [Fact]
    public void Long_holds_are_listed_and_reported_where_they_are_traced()
    {
        var traced = new TestDomain(7, traced: true);
        Assert.True(traced.TryTake(HoldKind.Read, out HoldToken first));
        Thread.Sleep(20);
        Assert.True(traced.TryTake(HoldKind.Write, out HoldToken second));
        HoldToken untraced = _tracker.Take(HoldKind.Read);
        Assert.Equal(
            [HoldKind.Read, HoldKind.Write],
            LockDiagnostics.LongestHolds(int.MaxValue).Where(hold => hold.Domain == traced).Select(static hold => hold.Hold.Kind));
        Assert.DoesNotContain(LockDiagnostics.LongestHolds(int.MaxValue), hold => hold.Domain == _tracker);

        List<IReadOnlyList<DomainHold>> reports = [];
        using (LockDiagnostics.ReportHolds(TimeSpan.FromMilliseconds(10), s_second, reports.Add, _time))
        {
            Thread.Sleep(20);
            second.TryRelease();
            Assert.Empty(reports);
            _time.Advance(s_second);
            Assert.Equal([HoldKind.Read], reports.Single().Where(hold => hold.Domain == traced).Select(static hold => hold.Hold.Kind));
            Assert.NotNull(reports[0][0].Hold.Stack);
            first.TryRelease();
        }

        Assert.Equal(0, _time.Timers);
        untraced.TryRelease();
    }

    // One for 2 s, which gets it, and one for 3 s, whose time is over then.
    private void WaitTwice()
    {
        HoldToken held = _tracker.Take(HoldKind.Exclusive);
        Task<HoldToken> granted = _manager.Begin(_tracker, HoldKind.Write);
        _time.Advance(2 * s_second);
        held.TryRelease();
        HoldToken writer = granted.Granted();
        Task<HoldToken> late = _manager.AcquireAsync(_tracker, HoldKind.Exclusive, 3 * s_second).AsTask();
        _time.Advance(3 * s_second);
        late.Failed<TimeoutException>();
        writer.TryRelease();
    }
}
