using FastBuffers.Bench.Gate;
using FastBuffers.Locking;

namespace FastBuffers.Bench.Contenders;

/// <summary>
/// A region's whole life, with one lease of each kind in it: whatever the library allocates for a region, at birth or at first use,
/// is counted, so that the count is at least what a live region keeps.
/// </summary>
internal sealed class RegionUse : IContender
{
    private static readonly HoldKind[] s_kinds = [HoldKind.Read, HoldKind.Write, HoldKind.Immutable, HoldKind.Exclusive];

    public void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            using Region region = Region.Allocate(64);
            Touch.Escaped = region;
            foreach (HoldKind kind in s_kinds)
            {
                using Lease lease = region.Take(kind);
                LeaseTouch.Once(lease);
            }
        }
    }

    public void Dispose()
    {
    }
}
