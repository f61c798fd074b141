using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Peers;

/// <summary>What .NET has for one at a time across awaits; it knows no readers.</summary>
internal sealed class SemaphoreSlimWait : IContender
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);

    public void Run(int operations) => RunAsync(operations).GetAwaiter().GetResult();

    public void Dispose() => _semaphore.Dispose();

    private async Task RunAsync(int operations)
    {
        SemaphoreSlim semaphore = _semaphore;
        for (int i = 0; i < operations; i++)
        {
            await semaphore.WaitAsync();
            semaphore.Release();
        }
    }
}
