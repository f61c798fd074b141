namespace FastBuffers.Interleaving.Scenarios;

/// <summary>What one of a thread's holds gives it the right to believe.</summary>
internal struct Belief
{
    /// <summary>The kind while nothing is done to the hold.</summary>
    public HoldKind Kind;

    /// <summary>The kind once one of <see cref="Calls"/> has begun.</summary>
    public HoldKind During;

    /// <summary>The calls that end or change the hold.</summary>
    public uint Calls;

    /// <summary>Whether the hold has no bytes.</summary>
    public bool IsEmpty;

    /// <summary>Whether it is the owner's, to resize: that excludes holds without bytes too.</summary>
    public bool IsOwner;

    /// <summary>The thread whose Exclusive hold this is, or is a use of, plus 1.</summary>
    public int Root;

    /// <summary>Whether this hold, as <paramref name="kind"/>, and another one cannot be there together.</summary>
    public readonly bool Excludes(HoldKind kind, in Belief other, HoldKind otherKind) =>
        (Root == 0 || Root != other.Root)
        && (IsOwner || other.IsOwner || !(IsEmpty || other.IsEmpty))
        && ReferenceModel.Excludes(kind, otherKind);
}
