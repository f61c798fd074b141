namespace FastBuffers.Locking;

/// <summary>
/// Waiters of one domain who want the same, in the order in which they came, and their place in the queue's <see cref="WaitIndex"/>. A waiter
/// who wants several holds is a group of its own, from the first byte to the last that it wants. For the holder of the queue's lock.
/// </summary>
internal sealed class WaitGroup
{
    /// <summary>The first byte that is wanted.</summary>
    internal long Start { get; private set; }

    /// <summary>The byte after the last.</summary>
    internal long End { get; private set; }

    /// <summary>The number of the length that the range is of.</summary>
    internal long Size { get; private set; }

    /// <summary>The kinds that are wanted.</summary>
    internal HoldKind Kinds { get; private set; }

    /// <summary>0, or a number that no other group has.</summary>
    internal long Own { get; private set; }

    /// <summary>How many have taken what conflicts with this since there is a group.</summary>
    internal long Passed { get; set; }

    /// <summary>The one who came first.</summary>
    internal HoldWaiter? First { get; private set; }

    private HoldWaiter? _last;

    /// <summary>In the index: the groups before and after, and what is known of all below and this one.</summary>
    internal WaitGroup? Left { get; set; }

    /// <inheritdoc cref="Left"/>
    internal WaitGroup? Right { get; set; }

    /// <inheritdoc cref="Left"/>
    internal long MaxEnd { get; set; }

    /// <inheritdoc cref="Left"/>
    internal HoldKind AllKinds { get; set; }

    /// <inheritdoc cref="Left"/>
    internal long MinNumber { get; set; }

    /// <summary>A number that looks random, by which the index is balanced.</summary>
    internal ulong Weight { get; private set; }

    /// <summary>Becomes the group that a waiter belongs to, without the waiter.</summary>
    internal void Describe(HoldWaiter waiter)
    {
        (Start, End, Size, Kinds) = (long.MaxValue, 0, waiter.Parts[0].Request.Size, HoldKind.None);
        foreach (ref readonly HoldRequestPart part in waiter.Parts)
        {
            Start = Math.Min(Start, part.Request.Start);
            End = Math.Max(End, part.Request.End);
            Kinds |= part.Kind;
        }

        Own = waiter.IsSeveral ? waiter.Number : 0;
        Passed = 0;
        Weight = Mix((ulong)waiter.Number);
        Left = Right = null;
    }

    /// <summary>The order of the index.</summary>
    internal int CompareTo(WaitGroup other)
    {
        int order = Start.CompareTo(other.Start);
        order = order != 0 ? order : End.CompareTo(other.End);
        order = order != 0 ? order : ((byte)Kinds).CompareTo((byte)other.Kinds);    // an enum's own boxes both
        order = order != 0 ? order : Size.CompareTo(other.Size);
        return order != 0 ? order : Own.CompareTo(other.Own);
    }

    // The last step of SplitMix64 (Steele, Lea and Flood, 2014). A product alone would do for most orders in which waiters come, but one
    // that strides through the region by the golden ratio would make the index a list.
    private static ulong Mix(ulong number)
    {
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }

    /// <summary>Whether a hold of one of the kinds on [start, end) and what is wanted here exclude each other.</summary>
    internal bool ConflictsWith(HoldKind kinds, long start, long end)
    {
        foreach (ref readonly HoldRequestPart part in First!.Parts)
        {
            if (part.ConflictsWith(kinds, start, end))
            {
                return true;
            }
        }

        return false;
    }

    internal void Add(HoldWaiter waiter)
    {
        waiter.Group = this;
        waiter.PassedBefore = Passed;
        waiter.Previous = _last;
        waiter.Next = null;
        if (_last is null)
        {
            First = waiter;
        }
        else
        {
            _last.Next = waiter;
        }

        _last = waiter;
    }

    internal void Remove(HoldWaiter waiter)
    {
        if (waiter.Previous is { } previous)
        {
            previous.Next = waiter.Next;
        }
        else
        {
            First = waiter.Next;
        }

        if (waiter.Next is { } next)
        {
            next.Previous = waiter.Previous;
        }
        else
        {
            _last = waiter.Previous;
        }

        waiter.Group = null;
        waiter.Previous = null;
        waiter.Next = null;
    }
}
