using System.Runtime.CompilerServices;

namespace FastBuffers.Pipelines;

/// <summary>What is to run when an operation of a pipe has completed, and where. <c>default</c> runs nothing.</summary>
internal readonly struct PipeContinuation(
    Action<object?>? action, object? state, ExecutionContext? executionContext, SynchronizationContext? synchronizationContext)
{
    private static readonly Action<object?> s_run = static boxed => ((PipeContinuation)boxed!).Run();
    private static readonly ContextCallback s_runInContext = static boxed => ((PipeContinuation)boxed!).RunHere();
    private static readonly SendOrPostCallback s_post = static boxed => ((PipeContinuation)boxed!).Run();

    /// <summary>Has it run by the caller's synchronization context if one was captured, else by the scheduler. Outside of any lock.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Schedule(PipeScheduler scheduler)
    {
        if (action is not null)
        {
            ScheduleCore(scheduler);
        }
    }

    /// <summary>Runs something by a scheduler, without the execution context of who asks for it.</summary>
    internal static void Schedule(PipeScheduler scheduler, Action<object?> action, object? state)
    {
        if (ReferenceEquals(scheduler, PipeScheduler.ThreadPool))
        {
            ThreadPool.UnsafeQueueUserWorkItem(action, state, preferLocal: false);
        }
        else
        {
            scheduler.Schedule(action, state);
        }
    }

    private void ScheduleCore(PipeScheduler scheduler)
    {
        if (synchronizationContext is not null)
        {
            synchronizationContext.Post(s_post, this);
        }
        else if (executionContext is not null)
        {
            Schedule(scheduler, s_run, this);
        }
        else
        {
            Schedule(scheduler, action!, state);
        }
    }

    private void Run()
    {
        if (executionContext is not null)
        {
            ExecutionContext.Run(executionContext, s_runInContext, this);
        }
        else
        {
            RunHere();
        }
    }

    private void RunHere() => action!(state);
}
