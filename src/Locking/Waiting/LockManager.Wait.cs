namespace FastBuffers.Locking;

// Waiting for holds of any domain: the layer above has its own names for it.
public sealed partial class LockManager
{
    // The longest that a timer takes.
    private const double MaxMilliseconds = uint.MaxValue - 1;

    // How often a thread tries before it sleeps: some microseconds, and then a few times after others have run. Arbitrary.
    private const int SpinTurns = 16;

    private int _waiters;

    /// <summary>The clock of the manager's waits.</summary>
    internal TimeProvider Clock { get; }

    /// <summary>Takes one hold, waiting for it. Null for a time-out.</summary>
    internal HoldToken Acquire(HoldDomain domain, in HoldRequestPart part, TimeSpan timeout, CancellationToken cancellationToken)
    {
        CheckTimeout(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        HoldToken token = TryNow(domain, part);
        if (!token.IsDefault || timeout == TimeSpan.Zero || !(token = Spin(domain, part)).IsDefault)
        {
            Note(token);
            return token;
        }

        BlockingWaiter waiter = BlockingWaiter.Rent();
        try
        {
            waiter.Begin(domain, part, _waiterClock);
            Rethrow(waiter.Wait(this, timeout, cancellationToken));
            return waiter.Token;
        }
        finally
        {
            waiter.Return();
        }
    }

    /// <summary>Takes several holds of one domain at once, waiting for all of them; empty for a time-out.</summary>
    internal HoldToken[] Acquire(HoldDomain domain, HoldRequestPart[] parts, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        BlockingWaiter waiter = BlockingWaiter.Rent();
        try
        {
            waiter.Begin(domain, parts, _waiterClock);
            Rethrow(waiter.Wait(this, timeout, cancellationToken));
            return waiter.Tokens ?? [];
        }
        finally
        {
            waiter.Return();
        }
    }

    /// <summary>Takes one hold, waiting for it asynchronously. What is refused comes with the task.</summary>
    internal ValueTask<T> AcquireAsync<T>(HoldDomain domain, in HoldRequestPart part, TimeSpan timeout, CancellationToken cancellationToken)
        where T : struct, IHoldResult<T>
    {
        CheckTimeout(timeout);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        try
        {
            HoldToken token = TryNow(domain, part);
            Note(token);
            return !token.IsDefault ? new ValueTask<T>(T.Of(token))
                : timeout == TimeSpan.Zero ? throw HoldErrors.WaitTimedOut()
                : WaitAsync<T>(domain, part, timeout, cancellationToken);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<T>(exception);
        }
    }

    /// <summary>Takes several holds of one domain at once, waiting for all of them asynchronously.</summary>
    internal ValueTask<HeldTokens> AcquireAsync(HoldDomain domain, HoldRequestPart[] parts, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<HeldTokens>(cancellationToken);
        }

        AsyncWaiter<HeldTokens> waiter = AsyncWaiter<HeldTokens>.Rent();
        waiter.Begin(domain, parts, _waiterClock);
        return Wait(waiter, Timeout.InfiniteTimeSpan, cancellationToken);
    }

    /// <summary>Checks what a caller says how long to wait.</summary>
    internal static void CheckTimeout(TimeSpan timeout)
    {
        if (timeout != Timeout.InfiniteTimeSpan && (timeout < TimeSpan.Zero || timeout.TotalMilliseconds > MaxMilliseconds))
        {
            throw HoldErrors.TimeoutOutside(timeout);
        }
    }

    /// <summary>Counts one more who waits.</summary>
    internal void BeginWait()
    {
        if (Interlocked.Increment(ref _waiters) > MaxWaiters)
        {
            Interlocked.Decrement(ref _waiters);
            throw HoldErrors.TooManyWaiters(MaxWaiters);
        }
    }

    /// <summary>Counts one less.</summary>
    internal void EndWait() => Interlocked.Decrement(ref _waiters);

    // Not by the way of a waiter: it is what everybody does, who may pass others as far as these let him.
    private static HoldToken TryNow(HoldDomain domain, in HoldRequestPart part) => part.Request.IsWhole
        ? domain.TakeToken(part.Kind, conflictThrows: false)
        : domain.TakeRange(part.Index, part.Request, scoped: false, conflictThrows: false);

    // To be put to sleep and woken costs as much as a hundred short holds.
    private static HoldToken Spin(HoldDomain domain, in HoldRequestPart part)
    {
        bool noted = false;
        HoldToken token = default;
        try
        {
            var spin = default(SpinWait);
            for (int turn = 0; turn < SpinTurns && token.IsDefault; turn++)
            {
                spin.SpinOnce(sleep1Threshold: -1);
                noted = noted || (domain.Tracker.IsWaitedFor && WaitTable.TryBeginSpinning(domain));
                token = TryNow(domain, part);
            }

            return token;
        }
        finally
        {
            if (noted)
            {
                WaitTable.EndSpinning(domain, token.IsDefault ? null : part);
            }
        }
    }

    // What was waited for notes itself.
    private void Note(HoldToken token)
    {
        if (DetectsDeadlocks && HoldOwner.Current is { } owner)
        {
            WaitForGraph.Record(owner, token);
        }
    }

    private static void Rethrow(Exception? failure)
    {
        if (failure is not null and not TimeoutException)
        {
            throw failure;
        }
    }

    private ValueTask<T> WaitAsync<T>(HoldDomain domain, in HoldRequestPart part, TimeSpan timeout, CancellationToken cancellationToken)
        where T : struct, IHoldResult<T>
    {
        AsyncWaiter<T> waiter = AsyncWaiter<T>.Rent();
        waiter.Begin(domain, part, _waiterClock);
        return Wait(waiter, timeout, cancellationToken);
    }

    private ValueTask<T> Wait<T>(AsyncWaiter<T> waiter, TimeSpan timeout, CancellationToken cancellationToken)
        where T : struct, IHoldResult<T>
    {
        try
        {
            return waiter.Wait(this, timeout, cancellationToken);
        }
        catch (BufferException exception)
        {
            // Too many waiters.
            waiter.Return();
            return ValueTask.FromException<T>(exception);
        }
    }
}
