namespace FastBuffers.Locking;

/// <summary>The part of a domain that a hold is wanted on: [Start, End), of the domain as it was when its length had that size number.</summary>
internal readonly record struct RangeRequest(long Start, long End, long Size)
{
    internal long Length => End - Start;
}
