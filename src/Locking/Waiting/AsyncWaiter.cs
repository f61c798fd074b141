using System.Threading.Tasks.Sources;

namespace FastBuffers.Locking;

/// <summary>
/// One asynchronous wait, and what its <see cref="ValueTask{TResult}"/> awaits. Used again for another wait once its result was taken; the
/// version in the task tells the waits apart, so that a task that is awaited twice throws.
/// </summary>
/// <typeparam name="T">The result.</typeparam>
internal sealed class AsyncWaiter<T> : ManagedWaiter, IValueTaskSource<T>
    where T : struct, IHoldResult<T>
{
    private const int Taken = int.MinValue;

    private static readonly WaiterCache<AsyncWaiter<T>> s_idle = new();

    private ManualResetValueTaskSourceCore<T> _core = new() { RunContinuationsAsynchronously = true };

    // The version whose result nobody has taken.
    private int _open;

    /// <summary>A waiter that nobody uses.</summary>
    internal static AsyncWaiter<T> Rent() => s_idle.TryRent() ?? new AsyncWaiter<T>();

    /// <summary>Waits for what the waiter was told by <see cref="HoldWaiter.Begin(HoldDomain, in HoldRequestPart, TimeProvider?)"/>.</summary>
    internal ValueTask<T> Wait(LockManager manager, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Enter(manager);
        if (!WaitTable.TryAdd(this))
        {
            return EndAtOnce();
        }

        // Only whoever has the task can make the waiter begin another wait.
        ValueTask<T> task = new(this, _core.Version);
        Listen(manager, timeout, cancellationToken);
        return task;
    }

    /// <summary>Takes back a waiter that has not begun to wait.</summary>
    internal void Return()
    {
        Clear();
        s_idle.Return(this);
    }

    /// <inheritdoc/>
    internal override void Complete()
    {
        Exit(hasWaited: true);
        if (Failure is { } failure)
        {
            _core.SetException(failure);
        }
        else
        {
            _core.SetResult(T.Of(this));
        }
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        if ((flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != 0)
        {
            // A context's Post is foreign code and may run the continuation inline; left to the core, on the thread that releases.
            flags &= ~ValueTaskSourceOnCompletedFlags.UseSchedulingContext;
            if (ContextContinuation.Capture(continuation, state) is { } inContext)
            {
                _core.OnCompleted(ContextContinuation.Schedule, inContext, token, flags);
                return;
            }
        }

        _core.OnCompleted(continuation, state, token, flags);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The wait is not over, or its result was taken before.</exception>
    public T GetResult(short token)
    {
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending
            || Interlocked.CompareExchange(ref _open, Taken, (ushort)token) != (ushort)token)
        {
            throw new InvalidOperationException("The result of a wait is to be taken once, and not before it is there.");
        }

        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Reset();
        }
    }

    private ValueTask<T> EndAtOnce()
    {
        Exit(hasWaited: false);
        ValueTask<T> task = Failure is { } failure ? ValueTask.FromException<T>(failure) : new ValueTask<T>(T.Of(this));
        Return();
        return task;
    }

    private void Reset()
    {
        // A callback that cannot be withdrawn any more runs at any time: it may not find another wait here.
        bool reusable = TryForgetListening();
        if (reusable)
        {
            _core.Reset();
            Volatile.Write(ref _open, (ushort)_core.Version);
            Return();
        }
    }
}
