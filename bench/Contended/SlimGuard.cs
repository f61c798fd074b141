using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Contended;

#pragma warning disable CA1001 // It is disposable, which the rule does not see of a struct.
/// <summary>A lock for many readers or one writer, which blocks.</summary>
internal readonly struct SlimGuard() : IGuard
#pragma warning restore CA1001
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly byte[] _bytes = new byte[4096];

    public void Read()
    {
        _lock.EnterReadLock();
        try
        {
            Touch.Read(_bytes);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public void Write()
    {
        _lock.EnterWriteLock();
        try
        {
            Touch.Write(_bytes);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public void Dispose() => _lock.Dispose();
}
