namespace FastBuffers.Locking.Tests.Waiting;

/// <summary>Waits as tests look at them.</summary>
internal static class Waits
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Begins to wait for a hold that is not free.</summary>
    internal static Task<HoldToken> Begin(
        this LockManager manager, HoldTracker tracker, HoldKind kind, CancellationToken cancellationToken = default)
    {
        Task<HoldToken> wait = manager.AcquireAsync(tracker, kind, cancellationToken).AsTask();
        Assert.False(wait.IsCompleted);
        return wait;
    }

    internal static Task<HoldToken> Begin(
        this LockManager manager, HoldTracker tracker, HoldKind kind, long start, long length, CancellationToken cancellationToken = default)
    {
        Task<HoldToken> wait = manager.AcquireAsync(tracker, kind, start, length, cancellationToken).AsTask();
        Assert.False(wait.IsCompleted);
        return wait;
    }

    internal static HoldToken Take(this HoldTracker tracker, HoldKind kind)
    {
        Assert.True(tracker.TryTake(kind, out HoldToken token));
        return token;
    }

    internal static HoldToken Take(this HoldTracker tracker, HoldKind kind, long start, long length)
    {
        Assert.True(tracker.TryTake(kind, start, length, out HoldToken token));
        return token;
    }

    /// <summary>The hold that a wait ends with, by now or in a moment.</summary>
    internal static HoldToken Granted(this Task<HoldToken> wait)
    {
        Assert.True(wait.Wait(Patience));
        Assert.False(wait.Result.IsReleased);
        return wait.Result;
    }

    /// <summary>What a wait ends with when not with a hold.</summary>
    internal static T Failed<T>(this Task<HoldToken> wait)
        where T : Exception => Assert.ThrowsAsync<T>(() => wait.WaitAsync(Patience)).GetAwaiter().GetResult();

    internal static void StillWaits(this Task<HoldToken> wait)
    {
        Assert.False(wait.IsCompleted);
    }

    /// <summary>Nobody waits, and nothing says so any more: the fast paths are open again.</summary>
    internal static void HasNoWaiters(this HoldDomain domain)
    {
        Assert.Equal(0, domain.Snapshot().Waiters);
        Assert.False(domain.Tracker.IsWaitedFor);
    }
}
