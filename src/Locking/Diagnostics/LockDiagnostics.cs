using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

/// <summary>Who waits, and for how long. Nothing of it costs anything before somebody asks. Thread-safe.</summary>
public static class LockDiagnostics
{
    private static readonly Lock s_lock = new();
    private static readonly ConditionalWeakTable<HoldDomain, List<LockContention>> s_watched = [];
    private static bool s_watches;

    /// <summary>Begins to count the waits for a tracker or region.</summary>
    /// <param name="domain">The tracker or region.</param>
    /// <returns>The figures, which go on until it is disposed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="domain"/> is null.</exception>
    public static LockContention Watch(HoldDomain domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        var contention = new LockContention(domain);
        lock (s_lock)
        {
            s_watched.GetOrCreateValue(domain).Add(contention);
            s_watches = true;
        }

        return contention;
    }

    /// <summary>The longest of all waits that go on now, in this process.</summary>
    /// <param name="count">How many at most.</param>
    /// <returns>The longest first; a wait for several holds at once has an entry for each. Out of date as soon as it is read.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static IReadOnlyList<DomainHold> LongestWaits(int count) => Longest(WaitTable.ListWaits(), count);

    /// <summary>The longest of all holds that there are now, of trackers and regions that trace their holds (<see cref="HoldDiagnostics.TraceHolds"/>).</summary>
    /// <param name="count">How many at most.</param>
    /// <returns>The longest first, with stacks. Out of date as soon as it is read.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static IReadOnlyList<DomainHold> LongestHolds(int count) => Longest(TracedDomains.ListHolds(), count);

    /// <summary>Reports holds that have been there for long, again and again, of trackers and regions that trace their holds.</summary>
    /// <param name="age">For how long, at least.</param>
    /// <param name="period">The time between two looks.</param>
    /// <param name="report">Gets them, the longest first, if there are any; on a thread of the timer, which what it throws ends up on.</param>
    /// <param name="time">The clock of the looks; null for the system's, which the ages always go by.</param>
    /// <returns>Ends the reports when it is disposed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="report"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The period is not positive, or the age is negative.</exception>
    public static IDisposable ReportHolds(
        TimeSpan age, TimeSpan period, Action<IReadOnlyList<DomainHold>> report, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentOutOfRangeException.ThrowIfLessThan(age, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        return (time ?? TimeProvider.System).CreateTimer(_ => Look(), null, period, period);

        void Look()
        {
            List<DomainHold> old = [.. LongestHolds(int.MaxValue).Where(hold => hold.Hold.Age >= age)];
            if (old.Count > 0)
            {
                report(old);
            }
        }
    }

    /// <summary>A wait has ended. Called without any lock.</summary>
    internal static void NoteWait(HoldWaiter waiter)
    {
        bool watched = Volatile.Read(ref s_watches);
        if (!watched && !LockMeter.IsOn)
        {
            return;
        }

        try
        {
            TimeSpan waited = (waiter.Clock ?? TimeProvider.System).GetElapsedTime(waiter.Since);
            Note(waiter, waited, waiter.Failure is TimeoutException, watched);
        }
        catch (ThreadInterruptedException)
        {
            // Whoever releases must come through: the interrupt is for the next wait of his own, and one wait is not counted.
            Thread.CurrentThread.Interrupt();
        }
        catch (Exception exception)
        {
            Trace.TraceError($"A listener of the meter {LockMeter.Name} threw: {exception}");
        }
    }

    internal static void EndWatch(HoldDomain domain, LockContention contention)
    {
        lock (s_lock)
        {
            if (s_watched.TryGetValue(domain, out List<LockContention>? all) && all.Remove(contention) && all.Count == 0)
            {
                s_watched.Remove(domain);
                s_watches = s_watched.Any();
            }
        }
    }

    private static void Note(HoldWaiter waiter, TimeSpan waited, bool timedOut, bool watched)
    {
        if (watched && waiter.Domain is { } domain)
        {
            lock (s_lock)
            {
                if (s_watched.TryGetValue(domain, out List<LockContention>? all))
                {
                    all.ForEach(contention => contention.Add(waited, timedOut));
                }
            }
        }

        LockMeter.Note(waited, timedOut, waiter.Failure is DeadlockException);
    }

    private static List<DomainHold> Longest(List<DomainHold> all, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return [.. all.OrderByDescending(static hold => hold.Hold.Age).Take(count)];
    }
}
