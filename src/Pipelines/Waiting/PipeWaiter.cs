using System.Threading.Tasks.Sources;

namespace FastBuffers.Pipelines;

/// <summary>The one who waits on a side of a pipe: its continuation and its cancellation. Guarded by the pipe's lock.</summary>
/// <param name="useSynchronizationContext">Whether a caller's synchronization context is captured.</param>
internal struct PipeWaiter(bool useSynchronizationContext)
{
    private Action<object?>? _continuation;
    private object? _state;
    private ExecutionContext? _executionContext;
    private SynchronizationContext? _synchronizationContext;
    private CancellationTokenRegistration _registration;

    /// <summary>The token of the operation that waits or has just ended.</summary>
    internal CancellationToken Token { get; private set; }

    /// <summary>Whether somebody awaits the operation already.</summary>
    internal readonly bool IsAwaited => _continuation is not null;

    /// <summary>Has a callback run when the token is cancelled, in the place of another token if it can be: at once if it is, also under the lock.</summary>
    /// <returns>The registration before, which the caller disposes of outside the lock: that waits for a callback that runs.</returns>
    internal CancellationTokenRegistration Register(Action<object?> callback, object state, CancellationToken token)
    {
        if (!token.CanBeCanceled)
        {
            return default;
        }

        CancellationTokenRegistration before = _registration;
        Token = token;
        CancellationTokenRegistration registration = token.UnsafeRegister(callback, state);
        _registration = registration;
        return before;
    }

    /// <summary>Ends the registration.</summary>
    /// <param name="token">Its token.</param>
    /// <returns>As for <see cref="Register"/>.</returns>
    internal CancellationTokenRegistration Unregister(out CancellationToken token)
    {
        CancellationTokenRegistration before = _registration;
        token = Token;
        (_registration, Token) = (default, default);
        return before;
    }

    /// <summary>Keeps what is to run at the end.</summary>
    internal void Await(Action<object?> continuation, object? state, ValueTaskSourceOnCompletedFlags flags)
    {
        _continuation = continuation;
        _state = state;
        if (useSynchronizationContext
            && flags.HasFlag(ValueTaskSourceOnCompletedFlags.UseSchedulingContext)
            && SynchronizationContext.Current is { } context
            && context.GetType() != typeof(SynchronizationContext))
        {
            _synchronizationContext = context;
        }

        if (flags.HasFlag(ValueTaskSourceOnCompletedFlags.FlowExecutionContext))
        {
            _executionContext = ExecutionContext.Capture();
        }
    }

    /// <summary>What is to run now, once.</summary>
    internal PipeContinuation Take()
    {
        PipeContinuation continuation = new(_continuation, _state, _executionContext, _synchronizationContext);
        (_continuation, _state, _executionContext, _synchronizationContext) = (null, null, null, null);
        return continuation;
    }
}
