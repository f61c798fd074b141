using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Peers;

internal sealed class ReaderWriterLockSlimRead : IContender
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly byte[] _bytes = new byte[4096];

    public void Run(int operations)
    {
        ReaderWriterLockSlim guard = _lock;
        byte[] bytes = _bytes;
        int sum = 0;
        for (int i = 0; i < operations; i++)
        {
            guard.EnterReadLock();
            try
            {
                sum += Touch.Read(bytes);
            }
            finally
            {
                guard.ExitReadLock();
            }
        }

        Touch.Sink = sum;
    }

    public void Dispose() => _lock.Dispose();
}
