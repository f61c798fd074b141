namespace FastBuffers.Locking;

/// <summary>One hold on a part of a domain: [Start, End), of a kind, with its identity in a slot.</summary>
internal struct RangeEntry
{
    internal long Start;
    internal long End;
    internal int Slot;
    internal int Kind;

    internal readonly HoldInfo ToInfo() => new() { Kind = ConflictTable.Kind(Kind), Start = Start, Length = End - Start };
}
