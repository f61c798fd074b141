using System.Runtime.CompilerServices;

namespace FastBuffers;

// Leases: holds that travel.
public sealed unsafe partial class Region
{
    /// <summary>Takes a lease on the whole region, now or not at all.</summary>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="lease">The lease; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold is active, or what is wanted is reserved for one who waits.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not one of the four kinds.</exception>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">The kind is not supported here, or there are too many holds (262,143).</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(HoldKind kind, out Lease lease)
    {
        HoldToken token = TakeLeased(kind, conflictThrows: false);
        lease = new Lease(token);
        return !token.IsDefault;
    }

    /// <summary>Takes a lease on the whole region.</summary>
    /// <param name="kind">One of the four kinds.</param>
    /// <returns>The lease, to be disposed by whoever has it last.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not one of the four kinds.</exception>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">The kind is not supported here, or there are too many holds (262,143).</exception>
    /// <exception cref="BufferConflictException">A conflicting hold is active.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lease Take(HoldKind kind) => new(TakeLeased(kind, conflictThrows: true));

    /// <summary>Where the manager behind the Memory of an embedded hold is kept.</summary>
    internal ref object? EmbeddedMemory => ref _companion;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private HoldToken TakeLeased(HoldKind kind, bool conflictThrows)
    {
        object? source = this;
        if (kind is not (HoldKind.Read or HoldKind.Write or HoldKind.Immutable)
            || !Tracker.TryTakeIdle(HoldWord.First(kind), out long value))
        {
            HoldToken token = TakeToken(kind, conflictThrows);
            source = token.Source;
            value = token.Value;
        }

        return new HoldToken(source, value);
    }
}
