using System.Runtime.CompilerServices;

namespace FastBuffers;

// Scoped holds: the fast path takes an idle region with one locked instruction, everything else goes through the slow path.
// Both meet before the hold is built, so that its fields stay in registers.
public sealed unsafe partial class Region
{
    /// <summary>
    /// Takes a scoped Read hold on the whole region, now or not at all: while it lasts, the memory stays allocated, in place and of the
    /// same size; its bytes may change.
    /// </summary>
    /// <param name="hold">The hold; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold is active, or what is wanted is reserved for one who waits.</returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">Read is not supported here, or there are too many holds (262,143).</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryHoldRead(out ReadHold hold)
    {
        SharedScope scope = TakeReader(HoldWord.FirstRead, ConflictTable.ReadIndex, conflictThrows: false);
        hold = new ReadHold(scope);
        return !scope.IsDefault;
    }

    /// <summary>
    /// Takes a scoped Read hold on the whole region: while it lasts, the memory stays allocated, in place and of the same size; its bytes
    /// may change.
    /// </summary>
    /// <returns>The hold, to be disposed in the same block.</returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">Read is not supported here, or there are too many holds (262,143).</exception>
    /// <exception cref="BufferConflictException">A conflicting hold is active.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadHold HoldRead() => new(TakeReader(HoldWord.FirstRead, ConflictTable.ReadIndex, conflictThrows: true));

    /// <summary>
    /// Takes a scoped Write hold on the whole region, now or not at all: while it lasts, the memory may be written, while others may read
    /// and write it too.
    /// </summary>
    /// <param name="hold">The hold; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold is active, or what is wanted is reserved for one who waits.</returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">Write is not supported here, or there are too many holds (262,143).</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryHoldWrite(out WriteHold hold)
    {
        HoldToken token = TakeScopedFast(HoldWord.FirstWrite, ConflictTable.WriteIndex, conflictThrows: false);
        hold = new WriteHold(token);
        return !token.IsDefault;
    }

    /// <summary>
    /// Takes a scoped Write hold on the whole region: while it lasts, the memory may be written, while others may read and write it too.
    /// </summary>
    /// <returns>The hold, to be disposed in the same block.</returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">Write is not supported here, or there are too many holds (262,143).</exception>
    /// <exception cref="BufferConflictException">A conflicting hold is active.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WriteHold HoldWrite() => new(TakeScopedFast(HoldWord.FirstWrite, ConflictTable.WriteIndex, conflictThrows: true));

    /// <summary>
    /// Takes a scoped Immutable hold on the whole region, now or not at all: while it lasts, nothing can change the bytes.
    /// </summary>
    /// <param name="hold">The hold; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold is active, or what is wanted is reserved for one who waits.</returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">Immutable is not supported here, or there are too many holds (262,143).</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryHoldImmutable(out ImmutableHold hold)
    {
        SharedScope scope = TakeReader(HoldWord.FirstImmutable, ConflictTable.ImmutableIndex, conflictThrows: false);
        hold = new ImmutableHold(scope);
        return !scope.IsDefault;
    }

    /// <summary>Takes a scoped Immutable hold on the whole region: while it lasts, nothing can change the bytes.</summary>
    /// <returns>The hold, to be disposed in the same block.</returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">Immutable is not supported here, or there are too many holds (262,143).</exception>
    /// <exception cref="BufferConflictException">A conflicting hold is active.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ImmutableHold HoldImmutable() =>
        new(TakeReader(HoldWord.FirstImmutable, ConflictTable.ImmutableIndex, conflictThrows: true));

    /// <summary>
    /// Takes a scoped Exclusive hold on the whole region, now or not at all: while it lasts, nobody else can read or write the bytes.
    /// </summary>
    /// <param name="hold">The hold; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold is active, or what is wanted is reserved for one who waits.</returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">Exclusive is not supported here, or there are too many holds (262,143).</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryHoldExclusive(out ExclusiveHold hold)
    {
        HoldToken token = TakeScopedFast(HoldWord.Exclusive, ConflictTable.ExclusiveIndex, conflictThrows: false);
        hold = new ExclusiveHold(token);
        return !token.IsDefault;
    }

    /// <summary>Takes a scoped Exclusive hold on the whole region: while it lasts, nobody else can read or write the bytes.</summary>
    /// <returns>The hold, to be disposed in the same block.</returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">Exclusive is not supported here, or there are too many holds (262,143).</exception>
    /// <exception cref="BufferConflictException">A conflicting hold is active.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ExclusiveHold HoldExclusive() => new(TakeScopedFast(HoldWord.Exclusive, ConflictTable.ExclusiveIndex, conflictThrows: true));

    // Read and Immutable: of a region that is mostly read, without a locked instruction.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SharedScope TakeReader(long first, int index, bool conflictThrows)
    {
        object? source = this;
        ReaderSlot? slot = Tracker.Enter(index, out long value);
        if (slot is null && !Tracker.TryTakeIdle(first, out value))
        {
            HoldToken token = TakeScoped(index, conflictThrows);
            source = token.Source;
            value = token.Value;
        }

        return new SharedScope(source, value, slot);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private HoldToken TakeScopedFast(long first, int index, bool conflictThrows)
    {
        object? source = this;
        if (!Tracker.TryTakeIdle(first, out long value))
        {
            HoldToken token = TakeScoped(index, conflictThrows);
            source = token.Source;
            value = token.Value;
        }

        return new HoldToken(source, value);
    }
}
