namespace FastBuffers.Locking;

/// <summary>
/// One hold, as far as it is known. A domain counts its holds and does not list them, unless it traces them: then each has an age and a
/// stack.
/// </summary>
public readonly record struct HoldInfo
{
    /// <summary>The kind of the hold; <see cref="HoldKind.None"/> when it is not known, of an untraced hold on no bytes.</summary>
    public HoldKind Kind { get; init; }

    /// <summary>The first byte of its range.</summary>
    public long Start { get; init; }

    /// <summary>The number of bytes in its range; 0 is legal.</summary>
    public long Length { get; init; }

    /// <summary>How long the hold has been active, or <see langword="null"/> when that is not known.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>The stack that took the hold, or <see langword="null"/> when that is not known.</summary>
    public string? Stack { get; init; }
}
