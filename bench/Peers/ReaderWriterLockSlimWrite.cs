using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Peers;

internal sealed class ReaderWriterLockSlimWrite : IContender
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly byte[] _bytes = new byte[4096];

    public void Run(int operations)
    {
        ReaderWriterLockSlim guard = _lock;
        byte[] bytes = _bytes;
        for (int i = 0; i < operations; i++)
        {
            guard.EnterWriteLock();
            try
            {
                Touch.Write(bytes);
            }
            finally
            {
                guard.ExitWriteLock();
            }
        }
    }

    public void Dispose() => _lock.Dispose();
}
