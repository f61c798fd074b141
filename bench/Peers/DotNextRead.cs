using DotNext.Threading;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Peers;

/// <summary>The lock that a lease is compared with: it too may be taken here and released after an await, elsewhere.</summary>
internal sealed class DotNextRead : IContender
{
    private readonly AsyncReaderWriterLock _lock = new();
    private readonly byte[] _bytes = new byte[4096];

    /// <param name="shared">Whether another read lock is held all along.</param>
    public DotNextRead(bool shared)
    {
        if (shared && !_lock.TryEnterReadLock())
        {
            throw new InvalidOperationException("A new lock refused its first reader.");
        }
    }

    public void Run(int operations) => RunAsync(operations).GetAwaiter().GetResult();

    public void Dispose() => _lock.Dispose();

    private async Task RunAsync(int operations)
    {
        AsyncReaderWriterLock guard = _lock;
        byte[] bytes = _bytes;
        int sum = 0;
        for (int i = 0; i < operations; i++)
        {
            await guard.EnterReadLockAsync();
            try
            {
                sum += Touch.Read(bytes);
            }
            finally
            {
                guard.Release();
            }
        }

        Touch.Sink = sum;
    }
}
