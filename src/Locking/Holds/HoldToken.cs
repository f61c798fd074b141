using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

/// <summary>
/// One hold, as a value that travels across threads. Copies are the same hold: whichever is released first ends it, and the others
/// change nothing. <c>default</c> behaves as released. Thread-safe.
/// </summary>
/// <remarks>
/// Two words: who knows whether it is alive (the domain, for an identity embedded in its word, or a ticket), and the identity there.
/// Everything else is looked up behind them, so that a torn copy either fails to validate or is a copy of a live hold.
/// </remarks>
public readonly struct HoldToken : IEquatable<HoldToken>
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
        _ => ConflictTable.Kind(HoldWord.EmbeddedIndex(Value)),
    };

    /// <summary>Whether the hold has ended.</summary>
    public bool IsReleased => Domain is null;

    internal object? Source => _source;

    internal long Value { get; }

    internal Ticket? Ticket => _source as Ticket;

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

            // A source that is no ticket is a domain: the constructor's callers pass nothing else.
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
    /// <returns>False when another hold conflicts with the requested kind.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not an upgrade of this hold's.</exception>
    /// <exception cref="ObjectDisposedException">The hold has ended, or its domain is retired.</exception>
    /// <exception cref="BufferException">The kind is not supported.</exception>
    public bool TryUpgrade(HoldKind kind, out HoldToken upgraded) => HoldConversion.TryUpgrade(this, kind, out upgraded);

    /// <summary>Makes a further hold, of the same kind or a weaker one, which this hold covers: never refused for a conflict.</summary>
    /// <param name="kind">The kind; <see cref="HoldKind.None"/> stands for this hold's.</param>
    /// <returns>The token of a hold of its own, which may outlive this one.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is neither this hold's nor weaker.</exception>
    /// <exception cref="ObjectDisposedException">The hold has ended.</exception>
    /// <exception cref="BufferException">This hold is Exclusive, or there are too many holds.</exception>
    public HoldToken Share(HoldKind kind = HoldKind.None) => HoldConversion.Share(this, kind);

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

    /// <summary>Ends the hold without reporting a double release.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool EndOnce()
    {
        if (_source is Ticket ticket)
        {
            return ticket.TryRelease(Value);
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
