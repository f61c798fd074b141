using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Contenders;

internal sealed class ScopedImmutable : IContender
{
    private readonly Region _region = Region.Allocate(4096);

    public void Run(int operations)
    {
        Region region = _region;
        int sum = 0;
        for (int i = 0; i < operations; i++)
        {
            if (!region.TryHoldImmutable(out ImmutableHold hold))
            {
                throw new InvalidOperationException("Immutable was refused on a free region.");
            }

            using (hold)
            {
                sum += Touch.Read(hold.Span);
            }
        }

        Touch.Sink = sum;
    }

    public void Dispose() => _region.Dispose();
}
