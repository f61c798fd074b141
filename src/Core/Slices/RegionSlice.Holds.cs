using System.Runtime.CompilerServices;

namespace FastBuffers;

// Holds on the slice's part: the same members as those of Region.
public readonly partial struct RegionSlice
{
    /// <summary>
    /// Takes a scoped Read hold on the slice, now or not at all: while it lasts, the memory stays allocated, in place and of the
    /// same size; its bytes may change.
    /// </summary>
    /// <param name="hold">The hold; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold that shares a byte is active, or what is wanted is reserved for one who waits.</returns>
    /// <exception cref="ObjectDisposedException">The region has been resized or disposed, or the slice is <c>default</c>.</exception>
    /// <exception cref="BufferException">Read is not supported here, or there are too many holds (262,143).</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryHoldRead(out ReadHold hold)
    {
        HoldToken token = Region.TakeRange(ConflictTable.ReadIndex, in _range, scoped: true, conflictThrows: false);
        hold = new ReadHold(token);
        return !token.IsDefault;
    }

    /// <summary>
    /// Takes a scoped Read hold on the slice: while it lasts, the memory stays allocated, in place and of the same size; its bytes
    /// may change.
    /// </summary>
    /// <returns>The hold, to be disposed in the same block.</returns>
    /// <exception cref="ObjectDisposedException">The region has been resized or disposed, or the slice is <c>default</c>.</exception>
    /// <exception cref="BufferException">Read is not supported here, or there are too many holds (262,143).</exception>
    /// <exception cref="BufferConflictException">A conflicting hold that shares a byte is active.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadHold HoldRead() => new(Region.TakeRange(ConflictTable.ReadIndex, in _range, scoped: true, conflictThrows: true));

    /// <summary>
    /// Takes a scoped Write hold on the slice, now or not at all: while it lasts, the memory may be written, while others may read
    /// and write it too.
    /// </summary>
    /// <param name="hold">The hold; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold that shares a byte is active, or what is wanted is reserved for one who waits.</returns>
    /// <exception cref="ObjectDisposedException">The region has been resized or disposed, or the slice is <c>default</c>.</exception>
    /// <exception cref="BufferException">Write is not supported here, or there are too many holds (262,143).</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryHoldWrite(out WriteHold hold)
    {
        HoldToken token = Region.TakeRange(ConflictTable.WriteIndex, in _range, scoped: true, conflictThrows: false);
        hold = new WriteHold(token);
        return !token.IsDefault;
    }

    /// <summary>
    /// Takes a scoped Write hold on the slice: while it lasts, the memory may be written, while others may read and write it too.
    /// </summary>
    /// <returns>The hold, to be disposed in the same block.</returns>
    /// <exception cref="ObjectDisposedException">The region has been resized or disposed, or the slice is <c>default</c>.</exception>
    /// <exception cref="BufferException">Write is not supported here, or there are too many holds (262,143).</exception>
    /// <exception cref="BufferConflictException">A conflicting hold that shares a byte is active.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WriteHold HoldWrite() => new(Region.TakeRange(ConflictTable.WriteIndex, in _range, scoped: true, conflictThrows: true));

    /// <summary>
    /// Takes a scoped Immutable hold on the slice, now or not at all: while it lasts, nothing can change the bytes.
    /// </summary>
    /// <param name="hold">The hold; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold that shares a byte is active, or what is wanted is reserved for one who waits.</returns>
    /// <exception cref="ObjectDisposedException">The region has been resized or disposed, or the slice is <c>default</c>.</exception>
    /// <exception cref="BufferException">Immutable is not supported here, or there are too many holds (262,143).</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryHoldImmutable(out ImmutableHold hold)
    {
        HoldToken token = Region.TakeRange(ConflictTable.ImmutableIndex, in _range, scoped: true, conflictThrows: false);
        hold = new ImmutableHold(token);
        return !token.IsDefault;
    }

    /// <summary>
    /// Takes a scoped Immutable hold on the slice: while it lasts, nothing can change the bytes.
    /// </summary>
    /// <returns>The hold, to be disposed in the same block.</returns>
    /// <exception cref="ObjectDisposedException">The region has been resized or disposed, or the slice is <c>default</c>.</exception>
    /// <exception cref="BufferException">Immutable is not supported here, or there are too many holds (262,143).</exception>
    /// <exception cref="BufferConflictException">A conflicting hold that shares a byte is active.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ImmutableHold HoldImmutable() =>
        new(Region.TakeRange(ConflictTable.ImmutableIndex, in _range, scoped: true, conflictThrows: true));

    /// <summary>
    /// Takes a scoped Exclusive hold on the slice, now or not at all: while it lasts, nobody else can read or write the bytes.
    /// </summary>
    /// <param name="hold">The hold; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold that shares a byte is active, or what is wanted is reserved for one who waits.</returns>
    /// <exception cref="ObjectDisposedException">The region has been resized or disposed, or the slice is <c>default</c>.</exception>
    /// <exception cref="BufferException">Exclusive is not supported here, or there are too many holds (262,143).</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryHoldExclusive(out ExclusiveHold hold)
    {
        HoldToken token = Region.TakeRange(ConflictTable.ExclusiveIndex, in _range, scoped: true, conflictThrows: false);
        hold = new ExclusiveHold(token);
        return !token.IsDefault;
    }

    /// <summary>
    /// Takes a scoped Exclusive hold on the slice: while it lasts, nobody else can read or write the bytes.
    /// </summary>
    /// <returns>The hold, to be disposed in the same block.</returns>
    /// <exception cref="ObjectDisposedException">The region has been resized or disposed, or the slice is <c>default</c>.</exception>
    /// <exception cref="BufferException">Exclusive is not supported here, or there are too many holds (262,143).</exception>
    /// <exception cref="BufferConflictException">A conflicting hold that shares a byte is active.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ExclusiveHold HoldExclusive() =>
        new(Region.TakeRange(ConflictTable.ExclusiveIndex, in _range, scoped: true, conflictThrows: true));

    /// <summary>Takes a lease on the slice, now or not at all.</summary>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="lease">The lease; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold that shares a byte is active, or what is wanted is reserved for one who waits.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not one of the four kinds.</exception>
    /// <exception cref="ObjectDisposedException">The region has been resized or disposed, or the slice is <c>default</c>.</exception>
    /// <exception cref="BufferException">The kind is not supported here, or there are too many holds (262,143).</exception>
    public bool TryTake(HoldKind kind, out Lease lease)
    {
        lease = Take(kind, conflictThrows: false);
        return lease != default;
    }

    /// <summary>Takes a lease on the slice.</summary>
    /// <param name="kind">One of the four kinds.</param>
    /// <returns>The lease, to be disposed by whoever has it last.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not one of the four kinds.</exception>
    /// <exception cref="ObjectDisposedException">The region has been resized or disposed, or the slice is <c>default</c>.</exception>
    /// <exception cref="BufferException">The kind is not supported here, or there are too many holds (262,143).</exception>
    /// <exception cref="BufferConflictException">A conflicting hold that shares a byte is active.</exception>
    public Lease Take(HoldKind kind) => Take(kind, conflictThrows: true);

    private Lease Take(HoldKind kind, bool conflictThrows)
    {
        HoldErrors.ThrowIfNotKind(kind);
        return new Lease(Region.TakeRange(ConflictTable.Index(kind), in _range, scoped: false, conflictThrows));
    }
}
