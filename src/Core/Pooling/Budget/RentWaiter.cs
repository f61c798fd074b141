using System.Threading.Tasks.Sources;

namespace FastBuffers;

/// <summary>
/// One wait in a <see cref="RentQueue"/>, and what its <see cref="ValueTask{TResult}"/> awaits. Used again for another wait once its
/// result was taken; the version in the task tells the waits apart, so that a task that is awaited twice throws.
/// </summary>
internal sealed class RentWaiter(RentQueue queue) : IValueTaskSource<Lease>
{
    private const int Taken = int.MinValue;

    private ManualResetValueTaskSourceCore<Lease> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private bool _cancellable;

    // The version whose result nobody has taken.
    private int _open;

    /// <summary>The number of bytes that are waited for. Does not change while the waiter is in the list.</summary>
    internal int Length { get; set; }

    /// <summary>Whether it is in the list; under the queue's lock.</summary>
    internal bool IsQueued { get; set; }

    /// <summary>The one before it in the list; under the queue's lock.</summary>
    internal RentWaiter? Previous { get; set; }

    /// <summary>The one behind it in the list; under the queue's lock. In the cache, the one below it.</summary>
    internal RentWaiter? Next { get; set; }

    /// <summary>Starts to listen to the token; to be called once the waiter is in the list, which it may have left already.</summary>
    internal ValueTask<Lease> Begin(CancellationToken cancellationToken)
    {
        _cancellable = cancellationToken.CanBeCanceled;
        _registration = cancellationToken.UnsafeRegister(static (waiter, token) => ((RentWaiter)waiter!).Cancel(token), this);
        return new ValueTask<Lease>(this, _core.Version);
    }

    /// <summary>Ends the wait; for who took it out of the list.</summary>
    internal void Complete(Lease lease) => _core.SetResult(lease);

    /// <inheritdoc cref="Complete"/>
    internal void Fail(Exception exception) => _core.SetException(exception);

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        if ((flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != 0)
        {
            // A context's Post is foreign code and may run the continuation inline; left to the core, on the thread that pumps.
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
    public Lease GetResult(short token)
    {
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending
            || Interlocked.CompareExchange(ref _open, Taken, (ushort)token) != (ushort)token)
        {
            throw new InvalidOperationException("The result of a rent is to be taken once, and not before it is there.");
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

    private void Cancel(CancellationToken cancellationToken) => queue.Cancel(this, cancellationToken);

    private void Reset()
    {
        // A callback that cannot be withdrawn any more runs at any time, or ran while a pump was renting for this wait: neither may
        // find another wait here.
        bool reusable = !_cancellable || _registration.Unregister();
        _registration = default;
        _core.Reset();
        if (reusable)
        {
            Volatile.Write(ref _open, (ushort)_core.Version);
            queue.Recycle(this);
        }
    }
}
