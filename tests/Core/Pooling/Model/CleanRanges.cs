namespace FastBuffers.Tests.Pooling.Model;

/// <summary>Addresses of bytes that must be 0 when they are rented the next time.</summary>
internal sealed class CleanRanges
{
    private readonly List<(nint Start, nint End)> _ranges = [];

    internal void Add(nint address, int length)
    {
        Remove(address, length);
        _ranges.Add((address, address + length));
    }

    /// <summary>Those among the bytes of a rental, which may be written from here on; places are counted from its first byte.</summary>
    internal List<Range> Remove(nint address, int length)
    {
        List<Range> removed = [];
        nint end = address + length;
        for (int i = _ranges.Count - 1; i >= 0; i--)
        {
            (nint start, nint limit) = _ranges[i];
            if (start >= end || limit <= address)
            {
                continue;
            }

            _ranges.RemoveAt(i);
            removed.Add((int)(nint.Max(start, address) - address)..(int)(nint.Min(limit, end) - address));
            AddIfAny(start, address);
            AddIfAny(end, limit);
        }

        return removed;
    }

    private void AddIfAny(nint start, nint end)
    {
        if (start < end)
        {
            _ranges.Add((start, end));
        }
    }
}
