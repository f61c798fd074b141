using FastBuffers.Bench.Gate;
using FastBuffers.Locking;

namespace FastBuffers.Bench.Contenders;

/// <summary>What a server does with a buffer it has filled: rented, made Immutable, shared, and both leases disposed.</summary>
internal sealed class PooledSharing(int length) : IContender
{
    /// <summary>A field, so that the leases, and what they refer to, leave the method.</summary>
    private readonly Lease[] _leases = new Lease[2];

    public void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            Lease rented = RegionPool.Shared.Rent(length);
            Touch.Ends(rented.Span);
            _leases[0] = rented.Downgrade(HoldKind.Immutable);
            _leases[1] = _leases[0].Share();
            LeaseTouch.Once(_leases[1]);
            _leases[0].Dispose();
            _leases[1].Dispose();
        }
    }

    public void Dispose()
    {
    }
}
