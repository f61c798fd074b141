using System.Runtime.ExceptionServices;

namespace FastBuffers.Pipelines;

/// <summary>Whether a side of a pipe has completed, with what error, and who wants to be told. Guarded by the pipe's lock.</summary>
internal sealed class PipeCompletion
{
    private ExceptionDispatchInfo? _error;
    private List<(Action<Exception?, object?> Callback, object? State)>? _callbacks;

    internal bool IsCompleted { get; private set; }

    internal bool IsFaulted => _error is not null;

    /// <summary>Completes, the first time, and returns who is to be told.</summary>
    internal Action<object?>? Complete(Exception? error)
    {
        if (IsCompleted)
        {
            return null;
        }

        IsCompleted = true;
        _error = error is null ? null : ExceptionDispatchInfo.Capture(error);
        return TakeCallbacks();
    }

    /// <summary>Adds somebody who is to be told; if it is too late for that, returns that one.</summary>
    internal Action<object?>? Add(Action<Exception?, object?> callback, object? state)
    {
        (_callbacks ??= []).Add((callback, state));
        return IsCompleted ? TakeCallbacks() : null;
    }

    /// <summary>Whether it has completed.</summary>
    /// <exception cref="Exception">It has completed with that error.</exception>
    internal bool IsCompletedOrThrow()
    {
        _error?.Throw();
        return IsCompleted;
    }

    // All are told, whatever one of them throws.
    private Action<object?>? TakeCallbacks()
    {
        if (_callbacks is not { } callbacks)
        {
            return null;
        }

        _callbacks = null;
        Exception? error = _error?.SourceException;
        return _ =>
        {
            List<Exception>? thrown = null;
            foreach ((Action<Exception?, object?> callback, object? state) in callbacks)
            {
                try
                {
                    callback(error, state);
                }
#pragma warning disable CA1031 // They are thrown below.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    (thrown ??= []).Add(exception);
                }
            }

            if (thrown is not null)
            {
                throw new AggregateException(thrown);
            }
        };
    }
}
