namespace FastBuffers.Locking;

/// <summary>A continuation that belongs to a synchronization context or a task scheduler, and gets there from the thread pool.</summary>
internal sealed class ContextContinuation
{
    private readonly Action<object?> _continuation;
    private readonly object? _state;
    private readonly object _context;

    private ContextContinuation(Action<object?> continuation, object? state, object context)
    {
        _continuation = continuation;
        _state = state;
        _context = context;
    }

    /// <summary>Hands a <see cref="ContextContinuation"/>, the argument, to its context. What that throws is the caller's.</summary>
    internal static Action<object?> Schedule { get; } = static state => ((ContextContinuation)state!).Post();

    /// <summary>Binds a continuation to the current context; null where there is none but the thread pool.</summary>
    internal static ContextContinuation? Capture(Action<object?> continuation, object? state)
    {
        SynchronizationContext? synchronization = SynchronizationContext.Current;
        if (synchronization is not null && synchronization.GetType() != typeof(SynchronizationContext))
        {
            return new ContextContinuation(continuation, state, synchronization);
        }

        TaskScheduler scheduler = TaskScheduler.Current;
        return scheduler == TaskScheduler.Default ? null : new ContextContinuation(continuation, state, scheduler);
    }

    private void Post()
    {
        if (_context is SynchronizationContext synchronization)
        {
            synchronization.Post(new SendOrPostCallback(_continuation), _state);
        }
        else
        {
            Task.Factory.StartNew(
                _continuation, _state, CancellationToken.None, TaskCreationOptions.DenyChildAttach, (TaskScheduler)_context);
        }
    }
}
