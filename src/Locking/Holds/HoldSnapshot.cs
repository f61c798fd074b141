namespace FastBuffers.Locking;

/// <summary>
/// The holds on one domain (a region, a tracker). Advisory: out of date as soon as it is read, and not all of one instant, because its
/// fields are read one after the other.
/// </summary>
public readonly record struct HoldSnapshot
{
    /// <summary>The number of <see cref="HoldKind.Read"/> holds on the whole domain.</summary>
    public int Readers { get; init; }

    /// <summary>The number of <see cref="HoldKind.Write"/> holds on the whole domain.</summary>
    public int Writers { get; init; }

    /// <summary>The number of <see cref="HoldKind.Immutable"/> holds on the whole domain.</summary>
    public int Immutables { get; init; }

    /// <summary>The number of holds on a part of the domain, zero-length ones included.</summary>
    public int RangedHolds { get; init; }

    /// <summary>The number of waiters.</summary>
    public int Waiters { get; init; }

    /// <summary>Whether an <see cref="HoldKind.Exclusive"/> hold on the whole domain is active.</summary>
    public bool IsExclusive { get; init; }

    /// <summary>Whether the bytes are immutable for the rest of the domain's life.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>Whether new holds are refused because the domain was retired or disposed.</summary>
    public bool IsRetired { get; init; }

    /// <summary>The number of holds of any kind.</summary>
    public int Total => Readers + Writers + Immutables + RangedHolds + (IsExclusive ? 1 : 0);
}
