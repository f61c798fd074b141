using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>
/// Lets one thread use what is its own with plain loads and stores, and others take it away now and then, also while that thread sleeps:
/// the owner says that it is inside, then looks whether it has been shut out; who shuts it out says so, then looks whether it is inside.
/// </summary>
/// <remarks>
/// The owner's store and load have no fence between them. The other side issues one for all threads
/// (<see cref="Interlocked.MemoryBarrierProcessWide"/>) between its own store and load, so that one of the two sees the other
/// (asymmetric Dekker; see Dice, Huang, Yang, "Asymmetric Dekker Synchronization", 2001). The owner never waits.
/// </remarks>
internal struct CacheGate
{
    private int _inside;
    private int _shut;

    /// <summary>For the owner: false while it is shut out. Else <see cref="Exit"/> must follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryEnter()
    {
        Volatile.Write(ref _inside, 1);
        if (Volatile.Read(ref _shut) == 0)
        {
            return true;
        }

        Volatile.Write(ref _inside, 0);
        return false;
    }

    /// <summary>For the owner: ends what <see cref="TryEnter"/> began.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Exit() => Volatile.Write(ref _inside, 0);

    /// <summary>
    /// For others, one at a time: shuts the owner out. A process-wide barrier must follow, then <see cref="IsEmpty"/>, then <see cref="Open"/>.
    /// </summary>
    internal void Shut() => Volatile.Write(ref _shut, 1);

    /// <summary>For others, after the barrier: whether the owner is outside, and stays there until <see cref="Open"/>.</summary>
    internal bool IsEmpty => Volatile.Read(ref _inside) == 0;

    /// <summary>For others: lets the owner in again.</summary>
    internal void Open() => Volatile.Write(ref _shut, 0);
}
