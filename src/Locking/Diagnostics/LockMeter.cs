using System.Diagnostics.Metrics;

namespace FastBuffers.Locking;

/// <summary>The meter "FastBuffers.Locking": figures of all waits of the process; names after the semantic conventions of OpenTelemetry.</summary>
internal static class LockMeter
{
    internal const string Name = "FastBuffers.Locking";

    private static readonly Meter s_meter = new(Name, typeof(LockMeter).Assembly.GetName().Version?.ToString(3));

    private static readonly Counter<long> s_waits = s_meter.CreateCounter<long>(
        "fastbuffers.lock.waits", "{wait}", "Waits for holds that have ended.");

    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram<double>(
        "fastbuffers.lock.wait.duration", "s", "How long waits for holds took.");

    private static readonly Counter<long> s_timeouts = s_meter.CreateCounter<long>(
        "fastbuffers.lock.timeouts", "{wait}", "Waits for holds that ran out of time.");

    private static readonly Counter<long> s_deadlocks = s_meter.CreateCounter<long>(
        "fastbuffers.lock.deadlocks", "{wait}", "Waits for holds that failed because they would have closed a cycle.");

    static LockMeter() => s_meter.CreateObservableUpDownCounter(
        "fastbuffers.lock.waiters", WaitTable.Count, "{waiter}", "Those who wait for holds now.");

    /// <summary>Whether somebody listens to any of what is told as it happens.</summary>
    internal static bool IsOn => s_waits.Enabled || s_duration.Enabled || s_timeouts.Enabled || s_deadlocks.Enabled;

    internal static void Note(TimeSpan waited, bool timedOut, bool deadlock)
    {
        s_waits.Add(1);
        s_duration.Record(waited.TotalSeconds);
        if (timedOut)
        {
            s_timeouts.Add(1);
        }

        if (deadlock)
        {
            s_deadlocks.Add(1);
        }
    }
}
