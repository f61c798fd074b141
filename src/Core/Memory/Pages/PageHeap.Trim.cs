namespace FastBuffers;

// Giving back.
internal sealed partial class PageHeap
{
    /// <summary>
    /// Gives idle memory back to the system: unmaps the spans of which nothing is out, and discards the free pages of the others.
    /// What the system does not take stays for the next time.
    /// </summary>
    /// <returns>By how many bytes <see cref="IdleBytes"/> fell.</returns>
    internal long Trim()
    {
        lock (_lock)
        {
            long before = CountIdle();
            for (int i = _spans.Count - 1; i >= 0; i--)
            {
                GiveBack(i);
            }

            UnmapUnwanted();
            return before - CountIdle();
        }
    }

    /// <summary>Gives the whole pages inside a part of a run that is out back to the system, at the price of their content.</summary>
    internal void DiscardInside(nint address, long bytes)
    {
        nint first = (nint)RoundUp(address);
        nint end = (nint)((address + bytes) & -PageSize);
        if (end > first)
        {
            _memory.Discard(first, end - first);
        }
    }

    /// <summary>
    /// Ends handing out, and trims. What is out stays valid; a span is unmapped when the last run of it is given back. A second call
    /// trims again.
    /// </summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            Trim();
        }
    }
}
