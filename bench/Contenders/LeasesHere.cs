using FastBuffers.Bench.Gate;
using FastBuffers.Locking;

namespace FastBuffers.Bench.Contenders;

/// <summary>Leases of one kind taken and disposed on one thread. Shared kinds are held by four at a time, the first to come first to go.</summary>
internal sealed class LeasesHere(HoldKind kind) : IContender
{
    private readonly Region _region = Region.Allocate(4096);

    /// <summary>A field, so that the leases, and what they refer to, leave the method.</summary>
    private readonly Lease[] _leases = new Lease[kind == HoldKind.Exclusive ? 1 : 4];

    public int Multiple => _leases.Length;

    public void Run(int operations)
    {
        for (int done = 0; done < operations; done += _leases.Length)
        {
            for (int i = 0; i < _leases.Length; i++)
            {
                _leases[i] = _region.Take(kind);
                LeaseTouch.Once(_leases[i]);
            }

            for (int i = 0; i < _leases.Length; i++)
            {
                _leases[i].Dispose();
            }
        }
    }

    public void Dispose() => _region.Dispose();
}
