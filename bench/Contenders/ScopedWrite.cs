using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Contenders;

internal sealed class ScopedWrite : IContender
{
    private readonly Region _region = Region.Allocate(4096);

    public void Run(int operations)
    {
        Region region = _region;
        for (int i = 0; i < operations; i++)
        {
            if (!region.TryHoldWrite(out WriteHold hold))
            {
                throw new InvalidOperationException("Write was refused on a free region.");
            }

            using (hold)
            {
                Touch.Write(hold.Span);
            }
        }
    }

    public void Dispose() => _region.Dispose();
}
