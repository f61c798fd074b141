using System.Runtime.CompilerServices;

namespace FastBuffers;

// Recording rentals, and what is found to be wrong with them.
public sealed partial class RegionPool
{
    // The stack of one rental of so many is recorded, at most as often as this: a stack costs thousands of rentals.
    private const int SampleEvery = 128;
    private static readonly TimeSpan s_samplePause = TimeSpan.FromMilliseconds(500);

    private readonly LeakDetectionLevel _leakDetection;
    private long _lastSample;
    private long _leaks;
    private long _doubleReturns;

    /// <summary>Whether every hold is traced.</summary>
    internal bool IsTraced => _leakDetection == LeakDetectionLevel.EveryWithTouches;

    // One of so many rentals of a thread takes the way of OnSample.
    private int SamplePeriod =>
        _clearing == PoolClearing.OnRent || _leakDetection >= LeakDetectionLevel.Every ? 1
        : _leakDetection == LeakDetectionLevel.Off ? int.MaxValue
        : SampleEvery;

    /// <summary>Counts a rental that was found to be lost.</summary>
    /// <param name="length">The number of bytes.</param>
    /// <param name="age">How long ago it began.</param>
    /// <param name="stack">The stack that rented, if it was recorded.</param>
    internal void OnLeak(long length, TimeSpan age, string? stack)
    {
        Interlocked.Increment(ref _leaks);
        if (PoolEvents.Log.IsEnabled())
        {
            PoolEvents.Log.Leak(Name, length, age.TotalSeconds, stack ?? string.Empty);
        }
    }

    /// <summary>Counts a release of a lease that had been released before.</summary>
    internal void OnDoubleReturn()
    {
        Interlocked.Increment(ref _doubleReturns);
        if (PoolEvents.Log.IsEnabled())
        {
            PoolEvents.Log.DoubleReturn(Name);
        }
    }

    /// <summary>The age of a rental, to the second.</summary>
    /// <param name="since">The pool's age when it began, in seconds.</param>
    internal TimeSpan AgeOf(int since) => TimeSpan.FromSeconds(Math.Max(0, _time.GetElapsedTime(_started).TotalSeconds - since));

    // What a rental takes that is not on the fast path: it is recorded, or cleared.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void OnSample(ThreadCache cache, Ticket block, HoldToken token)
    {
        cache.EndSample();
        if (_clearing == PoolClearing.OnRent)
        {
            new Lease(token).Span.Clear();
        }

        bool recorded = _leakDetection switch
        {
            LeakDetectionLevel.Off => false,
            LeakDetectionLevel.Sampled => IsSampleDue(),
            _ => true,
        };
        if (recorded)
        {
            block.TraceBirth(HoldKind.Exclusive);
        }
    }

    private PoolExhaustedException OnExhausted(int length)
    {
        PoolExhaustedException exception = PoolErrors.Exhausted(Name, length, Statistics, Budget.MaxBytes);
        if (PoolEvents.Log.IsEnabled())
        {
            PoolEvents.Log.Exhausted(Name, length, exception.MaxBytes, exception.RentedBytes, exception.CachedBytes);
        }

        return exception;
    }

    private ValueTask<Lease> OnWait(int length, ValueTask<Lease> rental)
    {
        if (!rental.IsCompleted && PoolEvents.Log.IsEnabled())
        {
            PoolEvents.Log.Wait(Name, length);
        }

        return rental;
    }

    // Several threads may find that it is: then there is a sample more.
    private bool IsSampleDue()
    {
        long now = _time.GetTimestamp();
        if (_time.GetElapsedTime(Volatile.Read(ref _lastSample), now) < s_samplePause)
        {
            return false;
        }

        Volatile.Write(ref _lastSample, now);
        return true;
    }
}
