using System.Runtime.ExceptionServices;

namespace FastBuffers.Tests.Pooling.Model;

/// <summary>A thread that does one thing at a time, while its caller waits.</summary>
internal sealed class Worker : IDisposable
{
    private readonly SemaphoreSlim _begin = new(0);
    private readonly SemaphoreSlim _end = new(0);
    private readonly Thread _thread;
    private Action? _work;
    private ExceptionDispatchInfo? _failure;

    internal Worker()
    {
        _thread = new Thread(Work) { IsBackground = true };
        _thread.Start();
    }

    internal void Run(Action work)
    {
        _work = work;
        _begin.Release();
        _end.Wait();
        ExceptionDispatchInfo? failure = _failure;
        _failure = null;
        failure?.Throw();
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        _work = null;
        _begin.Release();
        _thread.Join();
        _begin.Dispose();
        _end.Dispose();
    }

    private void Work()
    {
        _begin.Wait();
        while (_work is { } work)
        {
            try
            {
                work();
            }
            catch (Exception exception)
            {
                _failure = ExceptionDispatchInfo.Capture(exception);
            }

            _end.Release();
            _begin.Wait();
        }
    }
}
