namespace FastBuffers.Locking;

/// <summary>A wait that a <see cref="LockManager"/> has begun, and what ends it besides room: a time-out, a cancellation.</summary>
internal abstract class ManagedWaiter : HoldWaiter
{
    private static readonly TimerCallback s_onTimeout = static waiter => ((ManagedWaiter)waiter!).TryEndEarly(HoldErrors.WaitTimedOut());

    private LockManager? _manager;
    private OwnedWait? _owned;
    private ITimer? _timer;
    private CancellationTokenRegistration _registration;
    private bool _isCancellable;

    /// <summary>Counts the wait against the manager's limit, and says whose it is. Before it is in the queue.</summary>
    /// <exception cref="BufferException">The limit is reached.</exception>
    internal void Enter(LockManager manager)
    {
        manager.BeginWait();
        _manager = manager;
        if (manager.DetectsDeadlocks && HoldOwner.Current is { } owner)
        {
            _owned = WaitForGraph.Begin(owner, this);
        }
    }

    /// <summary>The same at the end of the wait, before whoever waits is told.</summary>
    /// <param name="hasWaited">Whether it was in the queue when others could look.</param>
    protected void Exit(bool hasWaited)
    {
        if (hasWaited)
        {
            LockDiagnostics.NoteWait(this);
        }

        if (_owned is { } owned)
        {
            _owned = null;
            WaitForGraph.End(owned, this);
        }

        _manager?.EndWait();
        _manager = null;
    }

    /// <summary>
    /// Listens to what ends the wait early, if it does not so at once. To be called once the waiter is in the queue, which it may have left already.
    /// </summary>
    protected void Listen(LockManager manager, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (_owned is { } owned && WaitForGraph.FindDeadlock(owned) is { } deadlock && TryEndEarly(deadlock))
        {
            return;
        }

        if (timeout != Timeout.InfiniteTimeSpan)
        {
            _timer = manager.Clock.CreateTimer(s_onTimeout, this, timeout, Timeout.InfiniteTimeSpan);
        }

        _isCancellable = cancellationToken.CanBeCanceled;
        _registration = cancellationToken.UnsafeRegister(
            static (waiter, token) => ((ManagedWaiter)waiter!).TryEndEarly(new OperationCanceledException(token)), this);
    }

    /// <summary>
    /// Ends what <see cref="Listen"/> began. False when it may still be on its way to this waiter, which then must not be used for another
    /// wait.
    /// </summary>
    protected bool TryForgetListening()
    {
        bool reusable = (!_isCancellable || _registration.Unregister()) && _timer is null;
        _timer?.Dispose();
        _timer = null;
        _registration = default;
        return reusable;
    }

    private bool TryEndEarly(Exception failure)
    {
        // While it is in a queue it has a domain, and a waiter that is being told is used for no other wait.
        if (Domain is not { } domain || !WaitTable.TryRemove(this, domain))
        {
            return false;
        }

        Fail(failure);
        Complete();
        return true;
    }
}
