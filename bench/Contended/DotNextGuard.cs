using DotNext.Threading;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Contended;

#pragma warning disable CA1001 // It is disposable, which the rule does not see of a struct.
/// <summary>The lock of DotNext that is awaited.</summary>
internal readonly struct DotNextGuard() : IAsyncGuard
#pragma warning restore CA1001
{
    private readonly AsyncReaderWriterLock _lock = new();
    private readonly byte[] _bytes = new byte[4096];

    public async ValueTask ReadAsync()
    {
        await _lock.EnterReadLockAsync().ConfigureAwait(false);
        try
        {
            Touch.Read(_bytes);
        }
        finally
        {
            _lock.Release();
        }
    }

    public async ValueTask WriteAsync()
    {
        await _lock.EnterWriteLockAsync().ConfigureAwait(false);
        try
        {
            Touch.Write(_bytes);
        }
        finally
        {
            _lock.Release();
        }
    }

    public void Dispose() => _lock.Dispose();
}
