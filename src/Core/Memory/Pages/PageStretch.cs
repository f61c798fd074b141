namespace FastBuffers;

/// <summary>Neighbouring pages of a span; none if the length is 0.</summary>
/// <param name="Start">The first page, counted from the span's own first.</param>
/// <param name="Length">The number of pages.</param>
internal readonly record struct PageStretch(int Start, int Length)
{
    internal bool IsNone => Length == 0;

    internal int End => Start + Length;
}
