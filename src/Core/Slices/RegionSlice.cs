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
    private readonly RangeRequest _range;

    internal RegionSlice(Region region, int start, int length, long size)
    {
        _region = region;
        _range = new RangeRequest(start, (long)start + length, size);
    }

    /// <summary>The region that the slice is a part of, never another slice.</summary>
    /// <exception cref="ObjectDisposedException">The slice is <c>default</c>.</exception>
    public Region Region => _region ?? throw RegionErrors.NoSlice();

    /// <summary>The first byte, counted from the region's first.</summary>
    public int Start => (int)_range.Start;

    /// <summary>The number of bytes.</summary>
    public int Length => (int)_range.Length;

    /// <summary>The kinds of hold that may be asked for: the region's.</summary>
    /// <exception cref="ObjectDisposedException">The slice is <c>default</c>.</exception>
    public HoldCapabilities Capabilities => Region.Capabilities;

    /// <summary>What the slice asks the region for.</summary>
    internal RangeRequest Range => _range;

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
        return new RegionSlice(region, Start + start, length, _range.Size);
    }

    /// <inheritdoc/>
    public bool Equals(RegionSlice other) =>
        ReferenceEquals(_region, other._region) && _range == other._range;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RegionSlice other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_region, _range);

    /// <summary>Whether two slices are views of the same bytes.</summary>
    public static bool operator ==(RegionSlice left, RegionSlice right) => left.Equals(right);

    /// <summary>Whether two slices are views of different bytes.</summary>
    public static bool operator !=(RegionSlice left, RegionSlice right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => _region is null ? "no slice"
        : $"[{Start}, {Start + Length}) of {_region}{(_region.HasSize(_range.Size) ? string.Empty : " (dead: resized)")}";
}
