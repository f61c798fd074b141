using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Contenders;

internal sealed class ScopedExclusive : IContender
{
    private readonly Region _region = Region.Allocate(4096);

    public void Run(int operations)
    {
        Region region = _region;
        for (int i = 0; i < operations; i++)
        {
            if (!region.TryHoldExclusive(out ExclusiveHold hold))
            {
                throw new InvalidOperationException("Exclusive was refused on a free region.");
            }

            using (hold)
            {
                Touch.Write(hold.Span);
            }
        }
    }

    public void Dispose() => _region.Dispose();
}
