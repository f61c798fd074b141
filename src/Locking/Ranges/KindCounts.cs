using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

/// <summary>How many holds of each kind, and which kinds there are.</summary>
internal struct KindCounts
{
    private Counts _counts;

    /// <summary>The kinds whose count is not zero.</summary>
    internal HoldKind Present { get; private set; }

    internal void Add(int kind)
    {
        _counts[kind]++;
        Present |= ConflictTable.Kind(kind);
    }

    internal void Remove(int kind)
    {
        if (--_counts[kind] == 0)
        {
            Present &= ~ConflictTable.Kind(kind);
        }
    }

    [InlineArray(ConflictTable.KindCount)]
    private struct Counts
    {
        private int _first;
    }
}
