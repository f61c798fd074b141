namespace FastBuffers.Bench.Gate;

/// <summary>A second thread that does one thing whenever it is asked to, while the asker waits. Asking allocates nothing.</summary>
internal sealed class Partner : IDisposable
{
    private readonly AutoResetEvent _asked = new(false);
    private readonly AutoResetEvent _done = new(false);
    private readonly Action _work;
    private readonly Thread _thread;
    private volatile bool _stopping;
    private volatile Exception? _error;

    public Partner(Action work)
    {
        _work = work;
        _thread = new Thread(Serve) { IsBackground = true, Name = "bench partner" };
        _thread.Start();
    }

    public void Ask()
    {
        Start();
        Finish();
    }

    /// <summary>Asks and goes on. Every start needs its finish.</summary>
    public void Start() => _asked.Set();

    public void Finish()
    {
        _done.WaitOne();
        if (_error is { } error)
        {
            throw new InvalidOperationException($"The partner thread failed: {error.Message}", error);
        }
    }

    public void Dispose()
    {
        _stopping = true;
        _asked.Set();
        _thread.Join();
        _asked.Dispose();
        _done.Dispose();
    }

    private void Serve()
    {
        while (true)
        {
            _asked.WaitOne();
            if (_stopping)
            {
                return;
            }

            try
            {
                _work();
            }
#pragma warning disable CA1031 // It belongs to the asker's row, not to the process.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _error = error;
            }

            _done.Set();
        }
    }
}
