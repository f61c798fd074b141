namespace FastBuffers.Testing;

/// <summary>A clock that stands still until it is told to go on, and its timers, which run in <see cref="Advance"/>.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private long _now = TimeSpan.TicksPerDay;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers run.</summary>
    internal int Timers
    {
        get
        {
            lock (_timers)
            {
                return _timers.Count;
            }
        }
    }

    /// <summary>Runs whenever a timer is about to be stopped.</summary>
    internal Action? OnStop { get; set; }

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state, dueTime, period);
        lock (_timers)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    /// <summary>Lets time pass, and what is due happen, on this thread.</summary>
    internal void Advance(TimeSpan by)
    {
        long end = _now + by.Ticks;
        while (Next(end) is { } timer)
        {
            Volatile.Write(ref _now, Math.Max(_now, timer.Due));
            timer.Run();
        }

        Volatile.Write(ref _now, end);
    }

    private Timer? Next(long end)
    {
        lock (_timers)
        {
            return _timers.Where(timer => timer.Due <= end).MinBy(static timer => timer.Due);
        }
    }

    private sealed class Timer(ManualTime time, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) : ITimer
    {
        internal long Due { get; private set; } = time._now + dueTime.Ticks;

        internal void Run()
        {
            Due = period < TimeSpan.Zero ? long.MaxValue : Due + period.Ticks;
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose()
        {
            time.OnStop?.Invoke();
            lock (time._timers)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
