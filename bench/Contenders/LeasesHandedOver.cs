using FastBuffers.Bench.Gate;
using FastBuffers.Locking;

namespace FastBuffers.Bench.Contenders;

/// <summary>
/// Leases of one kind taken here and disposed by another thread, always in that direction: what the library keeps for each thread
/// drains on one side and piles up on the other, unless it finds its way back. Shared kinds are all on one region.
/// </summary>
internal sealed class LeasesHandedOver : IContender
{
    private const int Batch = 64;

    private readonly HoldKind _kind;
    private readonly Region[] _regions;
    private readonly Lease[] _leases = new Lease[Batch];
    private readonly Partner _partner;

    public LeasesHandedOver(HoldKind kind)
    {
        _kind = kind;
        _regions = new Region[kind == HoldKind.Exclusive ? Batch : 1];
        for (int i = 0; i < _regions.Length; i++)
        {
            _regions[i] = Region.Allocate(4096);
        }

        _partner = new Partner(DisposeBatch);
    }

    public int Multiple => Batch;

    public void Run(int operations)
    {
        for (int done = 0; done < operations; done += Batch)
        {
            for (int i = 0; i < Batch; i++)
            {
                _leases[i] = _regions[i % _regions.Length].Take(_kind);
                LeaseTouch.Once(_leases[i]);
            }

            _partner.Ask();
        }
    }

    public void Dispose()
    {
        _partner.Dispose();
        foreach (Region region in _regions)
        {
            region.Dispose();
        }
    }

    private void DisposeBatch()
    {
        foreach (ref readonly Lease lease in _leases.AsSpan())
        {
            lease.Dispose();
        }
    }
}
