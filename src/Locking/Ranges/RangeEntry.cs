namespace FastBuffers.Locking;

/// <summary>
/// That one hold of a kind is on [Start, End). Holds with the same range and kind have equal entries, and it does not matter whose is
/// whose.
/// </summary>
internal readonly record struct RangeEntry(long Start, long End, HoldKind Kind)
{
    internal HoldInfo ToInfo() => new() { Kind = Kind, Start = Start, Length = End - Start };
}
