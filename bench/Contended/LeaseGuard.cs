using FastBuffers.Bench.Gate;
using FastBuffers.Locking;

namespace FastBuffers.Bench.Contended;

/// <summary>Leases that are awaited.</summary>
internal readonly struct LeaseGuard() : IAsyncGuard
{
    private readonly Region _region = Region.Allocate(4096);

    public async ValueTask ReadAsync()
    {
        using Lease lease = await _region.AcquireAsync(HoldKind.Read).ConfigureAwait(false);
        Touch.Read(lease.ReadOnlySpan);
    }

    public async ValueTask WriteAsync()
    {
        using Lease lease = await _region.AcquireAsync(HoldKind.Exclusive).ConfigureAwait(false);
        Touch.Write(lease.Span);
    }

    public void Dispose() => _region.Dispose();
}
