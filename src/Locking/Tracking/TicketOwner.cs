using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

/// <summary>
/// A thread that uses what is its own with plain loads and stores: what a derived type keeps for it, and the tickets of rentals that it
/// began and may end. Others take either away now and then, also while the thread sleeps, by shutting it out.
/// </summary>
/// <remarks>
/// <para>The thread says that it is inside, then looks whether it is shut out, without a fence between them. Who shuts it out says so,
/// issues a fence for all threads (<see cref="Interlocked.MemoryBarrierProcessWide"/>), then looks whether it is inside. So one of the
/// two sees the other (asymmetric Dekker; see Dice, Huang, Yang, "Asymmetric Dekker Synchronization", 2001). The thread never waits;
/// who shuts it out waits for the few steps that it is inside.</para>
/// <para><b>Owned tickets</b> carry the owner's number. Inside, the owner ends such a hold by plain stores, while the number is still its
/// own. Whoever else wants to do anything with the hold but read its bytes, first takes the number away for good
/// (<see cref="Disown"/>), which ends that for all tickets that carry it; then everybody uses compare-and-swap.</para>
/// </remarks>
internal abstract class TicketOwner
{
    // What no ticket carries.
    private const long NoKey = -1;

    private static long s_numbers;

    private int _inside;
    private int _shut;
    private long _number;
    private long _key = NoKey;

    /// <summary>An owner that its thread may be known by.</summary>
    /// <param name="home">See <see cref="Home"/>.</param>
    protected TicketOwner(nuint home) => Home = home;

    /// <summary>What the tickets carry that are owned; 0 while none is.</summary>
    internal long Number => Volatile.Read(ref _number);

    /// <summary>The same; but while none is owned, what no ticket carries.</summary>
    internal long Key => Volatile.Read(ref _key);

    /// <summary>What the tickets carry whose rentals it begins, for others to tell from afar whether they are the owner.</summary>
    internal nuint Home { get; }

    /// <summary>Whether the owner is the calling thread.</summary>
    internal abstract bool IsCaller { get; }

    /// <summary>For others, after <see cref="Shut"/> and the barrier: whether the owner is outside, and stays there.</summary>
    internal bool IsOutside => Volatile.Read(ref _inside) == 0;

    /// <summary>For the owner: false while it is shut out. Else <see cref="Exit"/> must follow, without foreign code in between.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryEnter()
    {
        if (Enter())
        {
            return true;
        }

        Exit();
        return false;
    }

    /// <summary>The same, but <see cref="Exit"/> must follow in any case.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Enter()
    {
        Volatile.Write(ref _inside, 1);
        return Volatile.Read(ref _shut) == 0;
    }

    /// <summary>For the owner: ends what <see cref="TryEnter"/> began.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Exit() => Volatile.Write(ref _inside, 0);

    /// <summary>
    /// Shuts the owner out; several may at a time. A process-wide barrier must follow, then <see cref="IsOutside"/>, then <see cref="Open"/>.
    /// </summary>
    internal void Shut() => Interlocked.Increment(ref _shut);

    /// <summary>Ends what <see cref="Shut"/> began.</summary>
    internal void Open() => Interlocked.Decrement(ref _shut);

    /// <summary>For the owner, while it has no number: the rentals that it begins from here on are owned.</summary>
    internal void Own()
    {
        long number = Interlocked.Increment(ref s_numbers);
        Volatile.Write(ref _number, number);
        Volatile.Write(ref _key, number);
    }

    /// <summary>Makes sure that the owner ends no hold any more by plain stores whose ticket carries the number. For others.</summary>
    internal void Disown(long number)
    {
        // Once it is another number, or none, the owner has been outside since it used this one.
        if (Volatile.Read(ref _number) != number)
        {
            return;
        }

        Shut();
        Interlocked.MemoryBarrierProcessWide();
        var spin = default(SpinWait);
        while (!IsOutside)
        {
            spin.SpinOnce();
        }

        // Another may have done the same meanwhile, and opened again, and the owner begun with another number, of which nothing is taken.
        Interlocked.CompareExchange(ref _key, NoKey, number);
        if (Interlocked.CompareExchange(ref _number, 0, number) == number)
        {
            OnDisowned();
        }

        Open();
    }

    /// <summary>Called when the number was taken away; the owner is shut out.</summary>
    protected virtual void OnDisowned()
    {
    }
}
