using FastBuffers.Bench.Gate;
using FastBuffers.Locking;

namespace FastBuffers.Bench.Contenders;

/// <summary>A lease that may be waited for, of a region that nobody else wants.</summary>
internal sealed class AcquiredLease(HoldKind kind) : IContender
{
    private readonly Region _region = Region.Allocate(4096);

    public void Run(int operations) => RunAsync(operations).GetAwaiter().GetResult();

    public void Dispose() => _region.Dispose();

    private async Task RunAsync(int operations)
    {
        Region region = _region;
        HoldKind wanted = kind;
        for (int i = 0; i < operations; i++)
        {
            Lease lease = await region.AcquireAsync(wanted);
            lease.Dispose();
        }
    }
}
