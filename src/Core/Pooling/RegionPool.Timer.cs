namespace FastBuffers;

// What happens as time passes.
public sealed partial class RegionPool
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _idleTrim;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Lock _timerLock = new();
    private ITimer? _timer;
    private bool _isWatching;
    private long _lookedForIdle;

    // How old the pool is, in seconds, as of the last tick: what the age of a rental is counted by.
    private int _seconds;

    // Started when memory is first needed, and again when it is needed after none was left. Called when that has been charged: see Tick.
    private void StartTimer()
    {
        if (_timer is not null || _isDisposed)
        {
            return;
        }

        lock (_timerLock)
        {
            TimeSpan half = _idleTrim / 2;
            TimeSpan period = _idleTrim != Timeout.InfiniteTimeSpan && half < s_second ? half : s_second;

            if (!_isWatching)
            {
                _isWatching = true;
                MemoryPressureWatch.Begin(this);
            }

            // Weakly, so that a pool that was dropped is collected.
            _timer ??= _isDisposed ? null : _time.CreateTimer(Tick, new WeakReference<RegionPool>(this), period, period);
        }
    }

    private void StopTimer()
    {
        lock (_timerLock)
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    private static void Tick(object? state)
    {
        if (((WeakReference<RegionPool>)state!).TryGetTarget(out RegionPool? pool))
        {
            pool.Tick();
        }
    }

    private void Tick()
    {
        TimeSpan age = _time.GetElapsedTime(_started);
        _seconds = (int)age.TotalSeconds;
        if (_idleTrim != Timeout.InfiniteTimeSpan && age.Ticks - _lookedForIdle >= _idleTrim.Ticks / 2)
        {
            _lookedForIdle = age.Ticks;
            TakeBack(idleOnly: true);
            ServeWaiters();
            if (Budget.Charged == 0)
            {
                StopTimer();
                if (Budget.Charged != 0)
                {
                    // Charged meanwhile, by one who may have found the timer still there.
                    StartTimer();
                }
            }
        }
    }
}
