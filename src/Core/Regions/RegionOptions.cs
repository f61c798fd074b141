using System.Numerics;

namespace FastBuffers;

/// <summary>How <see cref="Region.Allocate"/> allocates. It reads the options once: a later change concerns later regions only.</summary>
public sealed class RegionOptions
{
    /// <summary>The alignment of a region for which none is asked, in bytes: one cache line.</summary>
    public const int DefaultAlignment = 64;

    /// <summary>The largest alignment, in bytes: 2 MiB, a huge page of x64.</summary>
    public const int MaxAlignment = 2 * 1024 * 1024;

    private int _alignment = DefaultAlignment;

    /// <summary>The alignment of the first byte, in bytes: a power of two from 1 to the page size, or 2 MiB. 64 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of these.</exception>
    public int Alignment
    {
        get => _alignment;
        set => _alignment = value == MaxAlignment || (value > 0 && value <= Environment.SystemPageSize && BitOperations.IsPow2(value))
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value),
                value,
                $"The alignment is a power of two from 1 to {Environment.SystemPageSize} (the page size), or {MaxAlignment}.");
    }

    /// <summary>
    /// Whether the region records who took and released its holds and where it was born; each hold then allocates.
    /// <see cref="HoldDiagnostics.TraceHolds"/> as it is when the options are made, by default.
    /// </summary>
    public bool TraceHolds { get; set; } = HoldDiagnostics.TraceHolds;
}
