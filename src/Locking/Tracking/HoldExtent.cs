namespace FastBuffers.Locking;

/// <summary>Where the bytes of a hold are.</summary>
/// <param name="Form">What the hold is.</param>
/// <param name="Start">The first byte.</param>
/// <param name="Length">The number of bytes, or <see cref="All"/>.</param>
/// <param name="Slot">The identity in the range table, of a part.</param>
internal readonly record struct HoldExtent(HoldForm Form, long Start, long Length, RangeSlot? Slot = null)
{
    /// <summary>As many bytes as the domain has: a resize through the hold changes them.</summary>
    internal const long All = -1;

    /// <summary>The whole domain.</summary>
    internal static readonly HoldExtent Whole = new(HoldForm.Whole, 0, All);

    internal bool IsWhole => Length == All;
}
