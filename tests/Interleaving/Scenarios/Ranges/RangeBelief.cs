namespace FastBuffers.Interleaving.Scenarios;

/// <summary>What one of a thread's holds gives it the right to believe.</summary>
internal struct RangeBelief
{
    /// <summary>The hold while nothing is done to it.</summary>
    public ModelHold Hold;

    /// <summary>What is left of it once one of <see cref="Calls"/> has begun.</summary>
    public ModelHold During;

    /// <summary>The calls that end or change the hold.</summary>
    public uint Calls;

    /// <summary>The hold that this is, or is a use of: two of the same one are in the same hands.</summary>
    public int Root;

    /// <summary>Whether it is the owner's, to resize: that excludes holds without bytes too.</summary>
    public bool IsOwner;

    /// <summary>Notes that a call that may end or change the hold is about to begin.</summary>
    public void Shake(uint bit, in TrackerCall call)
    {
        // Of two calls on copies, one may end what the other one only changes.
        ModelHold left = LeftBy(call, Hold);
        During = Calls == 0 || left.IsNone ? left : During.IsNone ? default : left with { Kind = HoldKind.None };
        Calls |= bit;
    }

    /// <summary>Whether two holds, as far as they are believed in, cannot be there together.</summary>
    public static bool Exclude(in RangeBelief a, in ModelHold held, in RangeBelief b, in ModelHold other)
    {
        if (held.IsNone || other.IsNone || a.Root == b.Root)
        {
            return false;
        }

        return a.IsOwner || b.IsOwner
            || (other.Appends ? other.Excludes(held.Kind, held.Start, held.End) : held.Excludes(other.Kind, other.Start, other.End));
    }

    /// <summary>Notes what became of a call.</summary>
    public void Settle(uint bit, in TrackerCall call, bool done)
    {
        Calls &= ~bit;
        if (done)
        {
            Hold = call.Ends ? default : LeftBy(call, Hold);
            During = call.Ends ? default : During;
        }
    }

    // What a holder may still rely on while a call changes its hold: what is common to both kinds. Split and join leave no gap.
    private static ModelHold LeftBy(in TrackerCall call, ModelHold hold) => call.Kind switch
    {
        CallKind.Release or CallKind.EndResize => default,
        CallKind.Upgrade when call.Argument != HoldKind.Exclusive => hold with { Kind = HoldKind.Read },
        CallKind.Downgrade or CallKind.FreezeHeld => hold with { Kind = call.Argument },
        CallKind.Publish => hold with { Start = (byte)(hold.Start + call.Length) },
        _ => hold,
    };
}
