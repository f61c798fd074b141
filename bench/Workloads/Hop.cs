using System.Runtime.CompilerServices;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Workloads;

/// <summary>
/// Awaited, continues on the other one of two threads: the caller's and a second one. One at a time runs, the other spins, since waking it
/// would take a thousand times as long as what is measured. Awaiting allocates nothing.
/// </summary>
internal sealed class Hop : ICriticalNotifyCompletion, IDisposable
{
    private const int SpinsBeforeYield = 30;

    private readonly Partner _partner;
    private Action? _here;
    private Action? _there;
    private bool _isThere;
    private volatile bool _stopping;

    public Hop() => _partner = new Partner(() => Pump(ref _there, () => _stopping));

    public bool IsCompleted => false;

    public Hop GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        // Only the thread that runs is here. The other one may run as soon as it sees the continuation.
        _isThere = !_isThere;
        Volatile.Write(ref _isThere ? ref _there : ref _here, continuation);
    }

    /// <summary>Starts <paramref name="work"/> here and lends this thread and the other one to it until it is done.</summary>
    public void Run(Func<Task> work)
    {
        _isThere = false;
        _stopping = false;
        _partner.Start();
        try
        {
            Task task = work();
            Pump(ref _here, () => task.IsCompleted);
            task.GetAwaiter().GetResult();
        }
        finally
        {
            _stopping = true;
            _partner.Finish();
        }
    }

    public void Dispose() => _partner.Dispose();

    private static void Pump(ref Action? next, Func<bool> done)
    {
        for (int spins = 0; !done(); spins++)
        {
            if (Volatile.Read(ref next) is { } continuation)
            {
                next = null;
                continuation();
                spins = 0;
            }
            else if (spins >= SpinsBeforeYield)
            {
                Thread.Yield();
            }
            else
            {
                Thread.SpinWait(1);
            }
        }
    }
}
