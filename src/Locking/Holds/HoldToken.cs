using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

/// <summary>
/// One hold, as a value that travels across threads. Copies are the same hold: whichever is released first ends it, and the others
/// change nothing. <c>default</c> behaves as released. Thread-safe.
/// </summary>
/// <remarks>
/// Two words: who knows whether it is alive (the domain, for an identity embedded in its word; a ticket; or, for a scoped hold on a
/// part, its slot in the range table), and the identity there. Everything else is looked up behind them, so that a torn copy either
/// fails to validate or is a copy of a live hold.
/// </remarks>
public readonly struct HoldToken : IEquatable<HoldToken>, IHoldResult<HoldToken>
{
    private readonly object? _source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal HoldToken(object? source, long value)
    {
        _source = source;
        Value = value;
    }

    /// <summary>The kind of the hold, also after its release; <see cref="HoldKind.None"/> for <c>default</c>.</summary>
    public HoldKind Kind => _source switch
    {
        null => HoldKind.None,
        Locking.Ticket => Locking.Ticket.KindOf(Value),
        RangeSlot => RangeSlot.KindOf(Value),
        _ => ConflictTable.Kind(HoldWord.EmbeddedIndex(Value)),
    };

    /// <summary>Whether the hold has ended.</summary>
    public bool IsReleased => Domain is null;

    internal object? Source => _source;

    internal long Value { get; }

    internal Ticket? Ticket => _source as Ticket;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Deconstruct(out object? source, out long value) => (source, value) = (_source, Value);

    internal bool IsDefault => _source is null;

    internal bool IsEmpty => _source is Ticket { IsEmpty: true };

    /// <summary>The domain of a live hold; null when it has ended. Reads the ticket's domain before it checks that it is alive.</summary>
    internal HoldDomain? Domain
    {
        get
        {
            if (_source is Ticket ticket)
            {
                HoldDomain? domain = ticket.Domain;
                return ticket.IsAlive(Value) ? domain : null;
            }

            if (_source is RangeSlot slot)
            {
                return slot.IsAlive(Value) ? slot.Domain : null;
            }

            // A source that is none of these is a domain: the constructor's callers pass nothing else.
            HoldDomain? embedding = Unsafe.As<HoldDomain?>(_source);
            return embedding is not null && embedding.Tracker.IsEmbedded(Value) ? embedding : null;
        }
    }

    /// <summary>Ends the hold.</summary>
    /// <returns>True exactly once, whatever copy and thread it is called on; a further call is counted as a double release.</returns>
    /// <exception cref="BufferException">A double release, while <see cref="HoldDiagnostics.ThrowOnDoubleRelease"/> is set.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRelease()
    {
        if (EndOnce())
        {
            return true;
        }

        if (_source is not null)
        {
            HoldDiagnostics.ReportDoubleRelease(this);
        }

        return false;
    }

    /// <summary>Makes the hold a weaker one, with no gap in between. This token is consumed.</summary>
    /// <param name="kind">From Exclusive: Write, Immutable or Read. From Write or Immutable: Read.</param>
    /// <returns>The token of the weaker hold.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not weaker than this hold's.</exception>
    /// <exception cref="ObjectDisposedException">The hold has ended.</exception>
    /// <exception cref="BufferConflictException">A scope or pin of this Exclusive hold is open.</exception>
    public HoldToken Downgrade(HoldKind kind) => HoldConversion.Downgrade(this, kind);

    /// <summary>
    /// Makes the hold a stronger one (or turns Write into Immutable or back) in one step, if that conflicts with nobody else.
    /// On success this token is consumed, else it is as before.
    /// </summary>
    /// <param name="kind">From Read: Write, Immutable or Exclusive. From Write or Immutable: each other, or Exclusive.</param>
    /// <param name="upgraded">The token of the stronger hold; <see langword="default"/> when the answer is false.</param>
    /// <returns>False when another hold conflicts with the requested kind, or that is reserved for one who waits.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not an upgrade of this hold's.</exception>
    /// <exception cref="ObjectDisposedException">The hold has ended, or its domain is retired.</exception>
    /// <exception cref="BufferException">The kind is not supported.</exception>
    public bool TryUpgrade(HoldKind kind, out HoldToken upgraded) => HoldConversion.TryUpgrade(this, kind, out upgraded);

    /// <summary>Makes a further hold of the same kind, which this hold covers: never refused for a conflict.</summary>
    /// <returns>The token of a hold of its own, which may outlive this one.</returns>
    /// <exception cref="ObjectDisposedException">The hold has ended.</exception>
    /// <exception cref="BufferException">This hold is Exclusive, or there are too many holds.</exception>
    public HoldToken Share() => HoldConversion.Share(this, HoldKind.None);

    /// <summary>Makes a further hold, of the same kind or a weaker one, which this hold covers: never refused for a conflict.</summary>
    /// <param name="kind">The kind; <see cref="HoldKind.None"/> stands for this hold's.</param>
    /// <returns>The token of a hold of its own, which may outlive this one.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is neither this hold's nor weaker.</exception>
    /// <exception cref="ObjectDisposedException">The hold has ended.</exception>
    /// <exception cref="BufferException">This hold is Exclusive, or there are too many holds.</exception>
    public HoldToken Share(HoldKind kind) => HoldConversion.Share(this, kind);

    /// <summary>Makes a further hold on a part of the bytes.</summary>
    /// <param name="start">The first byte, counted from this hold's first.</param>
    /// <param name="length">The number of bytes, 0 or more.</param>
    /// <param name="kind">The kind; <see cref="HoldKind.None"/> stands for this hold's.</param>
    /// <returns>The token of a hold of its own, which may outlive this one: then only its own part stays held.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="kind"/> is neither this hold's nor weaker, or the part reaches outside this hold.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The hold has ended.</exception>
    /// <exception cref="BufferException">This hold is Exclusive, or there are too many holds.</exception>
    public HoldToken Share(long start, long length, HoldKind kind = HoldKind.None) => HoldConversion.Share(this, start, length, kind);

    /// <summary>Makes one Exclusive hold two, over adjacent parts. This token is consumed.</summary>
    /// <param name="at">Where the second part begins, counted from this hold's first byte: from 0 to its length.</param>
    /// <returns>The tokens of the two; a part of no bytes is a hold too.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="at"/> is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The hold has ended.</exception>
    /// <exception cref="BufferException">This hold is not Exclusive, or there are too many holds.</exception>
    /// <exception cref="BufferConflictException">A scope or pin of this hold is open.</exception>
    public (HoldToken Left, HoldToken Right) Split(long at) => HoldSplitting.Split(this, at);

    /// <summary>Makes two Exclusive holds over adjacent parts one. On success both tokens are consumed, else they are as before.</summary>
    /// <param name="left">The hold of the first part.</param>
    /// <param name="right">The hold of the part that begins where the first ends.</param>
    /// <param name="joined">The token of the hold on both; <see langword="default"/> when the answer is false.</param>
    /// <returns>
    /// False when they are not adjacent parts of the same domain in this order, or a scope or pin of one is open.
    /// </returns>
    /// <exception cref="ObjectDisposedException">One of the holds has ended.</exception>
    /// <exception cref="BufferException">One of the holds is not Exclusive.</exception>
    public static bool TryJoin(HoldToken left, HoldToken right, out HoldToken joined) => HoldSplitting.TryJoin(left, right, out joined);

    /// <inheritdoc/>
    public bool Equals(HoldToken other) => ReferenceEquals(_source, other._source) && Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is HoldToken other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_source is null ? 0 : RuntimeHelpers.GetHashCode(_source), Value);

    /// <summary>Whether two tokens are the same hold.</summary>
    public static bool operator ==(HoldToken left, HoldToken right) => left.Equals(right);

    /// <summary>Whether two tokens are different holds.</summary>
    public static bool operator !=(HoldToken left, HoldToken right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => IsDefault ? "no hold" : IsReleased ? $"{Kind} hold, released" : $"{Kind} hold";

    static HoldToken IHoldResult<HoldToken>.Of(HoldWaiter waiter) => waiter.Token;

    static HoldToken IHoldResult<HoldToken>.Of(HoldToken token) => token;

    /// <summary>The domain and the bytes of a live hold; null when it has ended.</summary>
    internal HoldDomain? Locate(out HoldExtent extent)
    {
        if (_source is Ticket ticket)
        {
            return ticket.Locate(Value, out extent);
        }

        if (_source is RangeSlot slot)
        {
            bool alive = slot.TryGetRange(Value, out long start, out long end);
            extent = new HoldExtent(HoldForm.Part, start, end - start, slot);
            return alive ? slot.Domain : null;
        }

        extent = HoldExtent.Whole;
        return Domain;
    }

    /// <summary>Ends the hold without reporting a double release.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool EndOnce()
    {
        if (_source is Ticket ticket)
        {
            return ticket.TryRelease(Value);
        }

        if (_source is RangeSlot slot)
        {
            return slot.Domain.TryEndPart(slot, Value);
        }

        HoldDomain? embedding = Unsafe.As<HoldDomain?>(_source);
        if (embedding is null || !embedding.Tracker.TryReleaseEmbedded(Value))
        {
            return false;
        }

        embedding.AfterRelease();
        return true;
    }
}
