namespace FastBuffers.Locking;

/// <summary>
/// The identity of one ranged hold at a time. <see cref="State"/> is its token while it is alive; the range is written before that and
/// stays until the hold has ended, so that one who reads the range and then finds his token in State has read his own.
/// </summary>
internal struct RangeSlot
{
    internal long State;
    internal long Start;
    internal long End;

    /// <summary>Where in its chunk the entry is.</summary>
    internal int Position;

    /// <summary>The next of the unused slots.</summary>
    internal int NextFree;
}
