namespace FastBuffers.Locking;

/// <summary>One hold that a waiter wants.</summary>
/// <param name="Index">The kind.</param>
/// <param name="Request">The part of the domain, or all of it.</param>
internal readonly record struct HoldRequestPart(int Index, RangeRequest Request)
{
    internal HoldKind Kind => ConflictTable.Kind(Index);

    /// <summary>Whether the two holds would exclude each other.</summary>
    internal bool ConflictsWith(in HoldRequestPart other) => ConflictsWith(ConflictTable.With(other.Index), other.Request.Start, other.Request.End);

    /// <summary>Whether the hold would be of one of the kinds, and share a byte with [start, end).</summary>
    internal bool ConflictsWith(HoldKind kinds, long start, long end) =>
        (Kind & kinds) != 0 && Request.Start < end && Request.End > start && Request.Length != 0 && start != end;
}
