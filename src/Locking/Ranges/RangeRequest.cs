namespace FastBuffers.Locking;

/// <summary>The part of a domain that a hold is wanted on: [Start, End).</summary>
/// <param name="Start">The first byte.</param>
/// <param name="End">The byte after the last.</param>
/// <param name="Size">The number of the length that the part is of: see <see cref="HoldDomain.Size"/>.</param>
internal readonly record struct RangeRequest(long Start, long End, long Size)
{
    private const long AnySize = -1;

    /// <summary>The whole domain, whatever its length is.</summary>
    internal static readonly RangeRequest Whole = new(0, long.MaxValue, AnySize);

    internal long Length => End - Start;

    /// <summary>Whether it is <see cref="Whole"/>.</summary>
    internal bool IsWhole => Size == AnySize;
}
