using FastBuffers.Bench.Gate;
using FastBuffers.Locking;

namespace FastBuffers.Bench.Contenders;

/// <summary>A lease, its bytes reached through a span.</summary>
internal sealed class ImmutableLease : IContender
{
    private readonly Region _region = Region.Allocate(4096);
    private readonly Lease _other;

    /// <param name="shared">Whether another lease is held all along, so that the measured one is a further sharer.</param>
    public ImmutableLease(bool shared) => _other = shared ? _region.Take(HoldKind.Immutable) : default;

    public void Run(int operations)
    {
        Region region = _region;
        int sum = 0;
        for (int i = 0; i < operations; i++)
        {
            using Lease lease = region.Take(HoldKind.Immutable);
            sum += Touch.Read(lease.ReadOnlySpan);
        }

        Touch.Sink = sum;
    }

    public void Dispose()
    {
        _other.Dispose();
        _region.Dispose();
    }
}
