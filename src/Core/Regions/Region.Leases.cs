using System.Runtime.CompilerServices;

namespace FastBuffers;

// Leases: holds that travel.
public sealed unsafe partial class Region
{
    /// <summary>Takes a lease on the whole region, now or not at all.</summary>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="lease">The lease; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold is active.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not one of the four kinds.</exception>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">The kind is not supported here, or there are too many holds (262,143).</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(HoldKind kind, out Lease lease)
    {
        if (IsShared(kind) && Tracker.TryTakeIdle(HoldWord.First(kind), out long token))
        {
            lease = new Lease(this, token);
            return true;
        }

        return TryTakeInGeneral(kind, out lease);
    }

    /// <summary>Takes a lease on the whole region.</summary>
    /// <param name="kind">One of the four kinds.</param>
    /// <returns>The lease, to be disposed by whoever has it last.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not one of the four kinds.</exception>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">The kind is not supported here, or there are too many holds (262,143).</exception>
    /// <exception cref="BufferConflictException">A conflicting hold is active.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lease Take(HoldKind kind) =>
        IsShared(kind) && Tracker.TryTakeIdle(HoldWord.First(kind), out long token) ? new Lease(this, token) : TakeInGeneral(kind);

    /// <summary>Where the manager behind the Memory of an embedded hold is kept.</summary>
    internal ref object? EmbeddedMemory => ref _embeddedMemory;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsShared(HoldKind kind) => kind is HoldKind.Read or HoldKind.Write or HoldKind.Immutable;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryTakeInGeneral(HoldKind kind, out Lease lease)
    {
        bool taken = TryTakeToken(kind, out HoldToken token);
        lease = new Lease(token);
        return taken;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Lease TakeInGeneral(HoldKind kind) => new(TakeToken(kind));
}
