namespace FastBuffers.Locking;

/// <summary>
/// A wait of an owner. For the holder of the graph's lock: the waiter is told its end, and used for another wait, only after that lock was
/// entered to say that this one is over.
/// </summary>
internal sealed class OwnedWait : IWaitReason
{
    private readonly HoldWaiter _waiter;
    private readonly HoldRequestPart[] _parts;
    private readonly string? _stack;

    internal OwnedWait(HoldOwner owner, HoldWaiter waiter)
    {
        Owner = owner;
        Domain = waiter.Domain!;
        _waiter = waiter;
        _parts = waiter.Parts.ToArray();
        _stack = Domain.IsTraced ? Environment.StackTrace : null;
    }

    public HoldOwner Owner { get; }

    /// <summary>The domain that is waited for.</summary>
    internal HoldDomain Domain { get; }

    /// <summary>Whether the wait ends, because it would close a cycle.</summary>
    internal bool IsGivenUp { get; set; }

    /// <summary>Its place in the order of the queue; 0 when it waits for nothing, not yet or not any longer.</summary>
    internal long Place => IsGivenUp || IsDismissed ? 0 : WaitTable.PlaceOf(_waiter, Domain);

    // Somebody is about to tell it that what it wants cannot be had any more.
    private bool IsDismissed
    {
        get
        {
            foreach (ref readonly HoldRequestPart part in _parts.AsSpan())
            {
                if (Domain.Dismisses(part.Index, part.Request) != TakeStatus.Taken)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether a hold of one of the kinds on [start, end) is in the way of what is wanted.</summary>
    internal bool ConflictsWith(HoldKind kinds, long start, long end)
    {
        foreach (ref readonly HoldRequestPart part in _parts.AsSpan())
        {
            if (part.ConflictsWith(kinds, start, end))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Who came first is served first, of those whose wishes conflict, whatever else may pass: so the later one stays until the earlier one
    /// has left.
    /// </summary>
    public bool IsInTheWayOf(OwnedWait wait)
    {
        if (wait == this || !Conflicts(wait, out _))
        {
            return false;
        }

        long place = Place;
        return place != 0 && place < wait.Place;
    }

    public HoldInfo Describe(OwnedWait wait)
    {
        Conflicts(wait, out HoldRequestPart part);
        return Describe(part);
    }

    /// <summary>What is wanted that the reason is in the way of; the first part of it.</summary>
    internal HoldInfo DescribeWanted(IWaitReason reason)
    {
        if (reason is OwnedWait earlier)
        {
            earlier.Conflicts(this, out HoldRequestPart theirs);
            return Describe(Array.Find(_parts, part => part.ConflictsWith(theirs)));
        }

        HoldInfo hold = reason.Describe(this);
        HoldKind kinds = hold.Kind == HoldKind.None ? HoldKind.None : ConflictTable.With(ConflictTable.Index(hold.Kind));
        int place = Array.FindIndex(_parts, part => part.ConflictsWith(kinds, hold.Start, hold.Start + hold.Length));
        return Describe(_parts[Math.Max(0, place)]);
    }

    private bool Conflicts(OwnedWait other, out HoldRequestPart part)
    {
        foreach (ref readonly HoldRequestPart mine in _parts.AsSpan())
        {
            if (other.ConflictsWith(ConflictTable.With(mine.Index), mine.Request.Start, mine.Request.End))
            {
                part = mine;
                return true;
            }
        }

        part = default;
        return false;
    }

    private HoldInfo Describe(in HoldRequestPart part) => new()
    {
        Kind = part.Kind,
        Start = part.Request.Start,
        Length = part.Request.IsWhole ? Domain.ByteLength : part.Request.Length,
        Stack = _stack,
    };
}
