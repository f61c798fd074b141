using FastBuffers.Bench.Gate;
using FastBuffers.Locking;

namespace FastBuffers.Bench.Contenders;

/// <summary>A scoped Exclusive hold on 32 bytes, beside others on 32 bytes each: in the gaps between them, in random order.</summary>
internal sealed class RangedExclusive : IContender
{
    private const int Bytes = 32;
    private const int Places = 512;

    private readonly Region _region;
    private readonly RegionSlice[] _slices = new RegionSlice[Places];
    private readonly Lease[] _others;

    public RangedExclusive(int others)
    {
        int gaps = Math.Max(1, others);
        _region = Region.Allocate((2 * gaps * Bytes) + Bytes);
        _others = [.. Enumerable.Range(0, others).Select(i => _region.Slice(2 * i * Bytes, Bytes).Take(HoldKind.Exclusive))];
        var random = new Random(1);
        foreach (ref RegionSlice slice in _slices.AsSpan())
        {
            slice = _region.Slice(((2 * random.Next(gaps)) + 1) * Bytes, Bytes);
        }
    }

    public void Run(int operations)
    {
        RegionSlice[] slices = _slices;
        for (int i = 0; i < operations; i++)
        {
            if (!slices[i & (Places - 1)].TryHoldExclusive(out ExclusiveHold hold))
            {
                throw new InvalidOperationException("Exclusive was refused on a free range.");
            }

            using (hold)
            {
                Touch.Write(hold.Span);
            }
        }
    }

    public void Dispose()
    {
        foreach (Lease other in _others)
        {
            other.Dispose();
        }

        _region.Dispose();
    }
}
