using FastBuffers.Bench.Gate;
using FastBuffers.Locking;

namespace FastBuffers.Bench.Contenders;

internal static class LeaseTouch
{
    /// <summary>Reaches the lease's bytes the way its kind allows.</summary>
    public static void Once(in Lease lease)
    {
        if (lease.Kind is HoldKind.Write or HoldKind.Exclusive)
        {
            Touch.Write(lease.Span);
        }
        else
        {
            Touch.Sink = Touch.Read(lease.ReadOnlySpan);
        }
    }
}
