namespace FastBuffers.Interleaving.Engine;

/// <summary>
/// What a step did that steps of others can tell, or that can tell theirs. Its accesses to locations that are not contended are no part of
/// that: they commute with everything (see <see cref="StepRules"/>).
/// </summary>
internal struct Footprint
{
    /// <summary>Whether nothing is known, so that the step commutes with none.</summary>
    public bool IsUnknown;

    /// <summary>The label of the contended location that was accessed in memory; 0 for none.</summary>
    public ulong Location;

    /// <summary>Whether that changed its content.</summary>
    public bool Writes;

    /// <summary>Whether anything in memory was changed, which wakes those who wait.</summary>
    public bool Wakes;

    /// <summary>Whether the thread has paused, which counts until memory changes.</summary>
    public bool Pauses;

    /// <summary>What the checks have noted.</summary>
    public GhostEffects Ghost;

    /// <summary>Adds an access to a contended location.</summary>
    public void Add(ulong location, bool writes)
    {
        IsUnknown |= Location != 0 && Location != location;
        Location = location;
        Writes |= writes;
    }

    /// <summary>
    /// Whether this step and one of another thread, done from one state in either order, lead to one state, and neither makes the other
    /// impossible.
    /// </summary>
    public readonly bool Commutes(in Footprint other) =>
        !IsUnknown && !other.IsUnknown
        && (Location != other.Location || !(Writes || other.Writes))
        && !(Pauses && other.Wakes) && !(Wakes && other.Pauses)
        && ((Ghost | other.Ghost) & GhostEffects.All) == 0
        && !Differ(Ghost, other.Ghost) && !Differ(other.Ghost, Ghost);

    // Whether a call that begins has to know whether the other one has ended.
    private static bool Differ(GhostEffects one, GhostEffects other) =>
        (one & GhostEffects.Began) != 0 && (other & GhostEffects.Ended) != 0;
}
