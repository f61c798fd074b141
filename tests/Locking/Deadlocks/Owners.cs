using FastBuffers.Locking.Tests.Waiting;

namespace FastBuffers.Locking.Tests.Deadlocks;

/// <summary>What owners do in tests, from any thread.</summary>
internal static class Owners
{
    internal static HoldToken Has(this HoldOwner owner, LockManager manager, HoldTracker tracker, HoldKind kind)
    {
        Task<HoldToken> wait = owner.Asks(manager, tracker, kind);
        Assert.True(wait.IsCompletedSuccessfully);
        return wait.Result;
    }

    internal static HoldToken Has(this HoldOwner owner, LockManager manager, HoldTracker tracker, HoldKind kind, long start, long length)
    {
        Task<HoldToken> wait = owner.Asks(manager, tracker, kind, start, length);
        Assert.True(wait.IsCompletedSuccessfully);
        return wait.Result;
    }

    internal static Task<HoldToken> Waits(
        this HoldOwner owner, LockManager manager, HoldTracker tracker, HoldKind kind, CancellationToken cancellationToken = default)
    {
        Task<HoldToken> wait = owner.Asks(manager, tracker, kind, cancellationToken);
        wait.StillWaits();
        return wait;
    }

    internal static Task<HoldToken> Waits(this HoldOwner owner, LockManager manager, HoldTracker tracker, HoldKind kind, long start, long length)
    {
        Task<HoldToken> wait = owner.Asks(manager, tracker, kind, start, length);
        wait.StillWaits();
        return wait;
    }

    internal static Task<HoldToken> Asks(
        this HoldOwner owner, LockManager manager, HoldTracker tracker, HoldKind kind, CancellationToken cancellationToken = default)
    {
        using (owner.Enter())
        {
            return manager.AcquireAsync(tracker, kind, cancellationToken).AsTask();
        }
    }

    internal static Task<HoldToken> Asks(
        this HoldOwner owner,
        LockManager manager,
        HoldTracker tracker,
        HoldKind kind,
        long start,
        long length,
        CancellationToken cancellationToken = default)
    {
        using (owner.Enter())
        {
            return manager.AcquireAsync(tracker, kind, start, length, cancellationToken).AsTask();
        }
    }

    /// <summary>The cycle that a wait failed with, at once: the owners in the order of the steps.</summary>
    internal static IReadOnlyList<DeadlockStep> Deadlocks(this Task<HoldToken> wait)
    {
        Assert.True(wait.IsFaulted);
        IReadOnlyList<DeadlockStep> cycle = Assert.IsType<DeadlockException>(wait.Exception!.InnerException).Cycle;
        IsCycle(cycle);
        return cycle;
    }

    /// <summary>Each step leads to the next one, and the last one to the first.</summary>
    internal static void IsCycle(IReadOnlyList<DeadlockStep> cycle)
    {
        Assert.NotEmpty(cycle);
        for (int i = 0; i < cycle.Count; i++)
        {
            Assert.Same(cycle[(i + 1) % cycle.Count].Owner, cycle[i].Blocker);
        }
    }
}
