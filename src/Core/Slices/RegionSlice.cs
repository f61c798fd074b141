using System.Diagnostics;

namespace FastBuffers;

/// <summary>
/// A view of a part of a region: its holds cover just that part, exact to the byte, and are tracked by the region. Not a hold itself;
/// copies are free. Dead once the region has been resized or disposed: then taking a hold throws. Thread-safe.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public readonly partial struct RegionSlice : IBufferExporter, IEquatable<RegionSlice>
{
    private readonly Region? _region;

    internal RegionSlice(Region region, int start, int length, int size)
    {
        _region = region;
        Start = start;
        Length = length;
        Size = size;
    }

    /// <summary>The region that the slice is a part of, never another slice.</summary>
    /// <exception cref="ObjectDisposedException">The slice is <c>default</c>.</exception>
    public Region Region => _region ?? throw RegionErrors.NoSlice();

    /// <summary>The first byte, counted from the region's first.</summary>
    public int Start { get; }

    /// <summary>The number of bytes.</summary>
    public int Length { get; }

    /// <summary>The kinds of hold that may be asked for: the region's.</summary>
    /// <exception cref="ObjectDisposedException">The slice is <c>default</c>.</exception>
    public HoldCapabilities Capabilities => Region.Capabilities;

    /// <summary>The number that the region's length had when the slice was made: see <see cref="HoldDomain.Size"/>.</summary>
    internal int Size { get; }

    /// <summary>A view of a part of this slice, that is, of the region.</summary>
    /// <param name="start">The first byte, counted from this slice's first.</param>
    /// <param name="length">The number of bytes, 0 or more.</param>
    /// <returns>The slice.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The part reaches outside this slice.</exception>
    /// <exception cref="ObjectDisposedException">The slice is <c>default</c>.</exception>
    public RegionSlice Slice(int start, int length)
    {
        Region region = Region;
        HoldErrors.CheckRange(start, length, Length);
        return new RegionSlice(region, Start + start, length, Size);
    }

    /// <inheritdoc/>
    public bool Equals(RegionSlice other) =>
        ReferenceEquals(_region, other._region) && Start == other.Start && Length == other.Length && Size == other.Size;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RegionSlice other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_region, Start, Length, Size);

    /// <summary>Whether two slices are views of the same bytes.</summary>
    public static bool operator ==(RegionSlice left, RegionSlice right) => left.Equals(right);

    /// <summary>Whether two slices are views of different bytes.</summary>
    public static bool operator !=(RegionSlice left, RegionSlice right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => _region is null ? "no slice"
        : $"[{Start}, {Start + Length}) of {_region}{(_region.HasSize(Size) ? string.Empty : " (dead: resized)")}";
}
