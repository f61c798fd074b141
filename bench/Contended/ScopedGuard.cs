using FastBuffers.Bench.Gate;
using FastBuffers.Locking;

namespace FastBuffers.Bench.Contended;

/// <summary>Scoped holds, and a lease that is waited for where they are refused.</summary>
internal readonly struct ScopedGuard() : IGuard
{
    private readonly Region _region = Region.Allocate(4096);

    public void Read()
    {
        if (_region.TryHoldRead(out ReadHold hold))
        {
            using (hold)
            {
                Touch.Read(hold.Span);
            }
        }
        else
        {
            using Lease lease = _region.Acquire(HoldKind.Read);
            Touch.Read(lease.ReadOnlySpan);
        }
    }

    public void Write()
    {
        if (_region.TryHoldExclusive(out ExclusiveHold hold))
        {
            using (hold)
            {
                Touch.Write(hold.Span);
            }
        }
        else
        {
            using Lease lease = _region.Acquire(HoldKind.Exclusive);
            Touch.Write(lease.Span);
        }
    }

    public void Dispose() => _region.Dispose();
}
