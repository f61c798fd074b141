using System.Runtime.CompilerServices;

namespace FastBuffers;

// Scoped holds: the fast path takes an idle region with one locked instruction, everything else goes through the general path.
public sealed unsafe partial class Region
{
    /// <summary>Takes a scoped Read hold on the whole region, now or not at all: while it lasts, the memory stays allocated, in place and of the same size; its bytes may change.</summary>
    /// <param name="hold">The hold; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold is active.</returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">Read is not supported here, or there are too many holds.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryHoldRead(out ReadHold hold)
    {
        if (Tracker.TryTakeIdle(HoldWord.FirstRead, out long token))
        {
            hold = new ReadHold(new SharedScope(this, token));
            return true;
        }

        return TryHoldReadInGeneral(conflictThrows: false, out hold);
    }

    /// <summary>Takes a scoped Read hold on the whole region: while it lasts, the memory stays allocated, in place and of the same size; its bytes may change.</summary>
    /// <returns>The hold, to be disposed in the same block.</returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">Read is not supported here, or there are too many holds.</exception>
    /// <exception cref="BufferConflictException">A conflicting hold is active.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadHold HoldRead()
    {
        if (Tracker.TryTakeIdle(HoldWord.FirstRead, out long token))
        {
            return new ReadHold(new SharedScope(this, token));
        }

        TryHoldReadInGeneral(conflictThrows: true, out ReadHold hold);
        return hold;
    }

    /// <summary>Takes a scoped Write hold on the whole region, now or not at all: while it lasts, the memory may be written, while others may read and write it too.</summary>
    /// <param name="hold">The hold; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold is active.</returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">Write is not supported here, or there are too many holds.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryHoldWrite(out WriteHold hold)
    {
        if (Tracker.TryTakeIdle(HoldWord.FirstWrite, out long token))
        {
            hold = new WriteHold(new SharedScope(this, token));
            return true;
        }

        return TryHoldWriteInGeneral(conflictThrows: false, out hold);
    }

    /// <summary>Takes a scoped Write hold on the whole region: while it lasts, the memory may be written, while others may read and write it too.</summary>
    /// <returns>The hold, to be disposed in the same block.</returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">Write is not supported here, or there are too many holds.</exception>
    /// <exception cref="BufferConflictException">A conflicting hold is active.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WriteHold HoldWrite()
    {
        if (Tracker.TryTakeIdle(HoldWord.FirstWrite, out long token))
        {
            return new WriteHold(new SharedScope(this, token));
        }

        TryHoldWriteInGeneral(conflictThrows: true, out WriteHold hold);
        return hold;
    }

    /// <summary>Takes a scoped Immutable hold on the whole region, now or not at all: while it lasts, nothing can change the bytes.</summary>
    /// <param name="hold">The hold; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold is active.</returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">Immutable is not supported here, or there are too many holds.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryHoldImmutable(out ImmutableHold hold)
    {
        if (Tracker.TryTakeIdle(HoldWord.FirstImmutable, out long token))
        {
            hold = new ImmutableHold(new SharedScope(this, token));
            return true;
        }

        return TryHoldImmutableInGeneral(conflictThrows: false, out hold);
    }

    /// <summary>Takes a scoped Immutable hold on the whole region: while it lasts, nothing can change the bytes.</summary>
    /// <returns>The hold, to be disposed in the same block.</returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">Immutable is not supported here, or there are too many holds.</exception>
    /// <exception cref="BufferConflictException">A conflicting hold is active.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ImmutableHold HoldImmutable()
    {
        if (Tracker.TryTakeIdle(HoldWord.FirstImmutable, out long token))
        {
            return new ImmutableHold(new SharedScope(this, token));
        }

        TryHoldImmutableInGeneral(conflictThrows: true, out ImmutableHold hold);
        return hold;
    }

    /// <summary>Takes a scoped Exclusive hold on the whole region, now or not at all: while it lasts, nobody else can read or write the bytes.</summary>
    /// <param name="hold">The hold; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold is active.</returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">Exclusive is not supported here, or there are too many holds.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryHoldExclusive(out ExclusiveHold hold)
    {
        if (Tracker.TryTakeIdle(HoldWord.Exclusive, out long token))
        {
            hold = new ExclusiveHold(this, token);
            return true;
        }

        return TryHoldExclusiveInGeneral(conflictThrows: false, out hold);
    }

    /// <summary>Takes a scoped Exclusive hold on the whole region: while it lasts, nobody else can read or write the bytes.</summary>
    /// <returns>The hold, to be disposed in the same block.</returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">Exclusive is not supported here, or there are too many holds.</exception>
    /// <exception cref="BufferConflictException">A conflicting hold is active.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ExclusiveHold HoldExclusive()
    {
        if (Tracker.TryTakeIdle(HoldWord.Exclusive, out long token))
        {
            return new ExclusiveHold(this, token);
        }

        TryHoldExclusiveInGeneral(conflictThrows: true, out ExclusiveHold hold);
        return hold;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryHoldReadInGeneral(bool conflictThrows, out ReadHold hold)
    {
        bool taken = TryTakeScoped(ConflictTable.ReadIndex, conflictThrows, out HoldToken token);
        hold = taken ? new ReadHold(new SharedScope(this, token)) : default;
        return taken;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryHoldWriteInGeneral(bool conflictThrows, out WriteHold hold)
    {
        bool taken = TryTakeScoped(ConflictTable.WriteIndex, conflictThrows, out HoldToken token);
        hold = taken ? new WriteHold(new SharedScope(this, token)) : default;
        return taken;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryHoldImmutableInGeneral(bool conflictThrows, out ImmutableHold hold)
    {
        bool taken = TryTakeScoped(ConflictTable.ImmutableIndex, conflictThrows, out HoldToken token);
        hold = taken ? new ImmutableHold(new SharedScope(this, token)) : default;
        return taken;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryHoldExclusiveInGeneral(bool conflictThrows, out ExclusiveHold hold)
    {
        bool taken = TryTakeScoped(ConflictTable.ExclusiveIndex, conflictThrows, out HoldToken token);
        hold = taken ? new ExclusiveHold(this, token) : default;
        return taken;
    }
}
