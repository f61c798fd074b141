namespace FastBuffers.Locking;

/// <summary>One hold, as far as it is known: its kind and range always, its age and origin when it is traced.</summary>
public readonly record struct HoldInfo
{
    /// <summary>The kind of the hold.</summary>
    public HoldKind Kind { get; init; }

    /// <summary>The first byte of its range.</summary>
    public long Start { get; init; }

    /// <summary>The number of bytes in its range; 0 is legal.</summary>
    public long Length { get; init; }

    /// <summary>How long the hold has been active, or <see langword="null"/> when it is not traced.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>The stack that took the hold, or <see langword="null"/> when it is not traced.</summary>
    public string? Stack { get; init; }
}
