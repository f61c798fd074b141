namespace FastBuffers.Locking;

/// <summary>What owners have and want of one domain. For the holder of the graph's lock.</summary>
internal sealed class OwnedDomain
{
    // Ends of holds are noticed by looking. How many there may be before the next look.
    private const int MinLook = 16;
    private int _lookAt = MinLook;

    /// <summary>The holds that owners have; some have ended.</summary>
    internal List<OwnedHold> Holds { get; } = [];

    /// <summary>The waits of owners.</summary>
    internal List<OwnedWait> Waits { get; } = [];

    /// <summary>Adds a hold.</summary>
    internal void Add(OwnedHold hold)
    {
        if (Holds.Count >= _lookAt)
        {
            Holds.RemoveAll(static old => !old.IsAlive);
            _lookAt = Math.Max(MinLook, 2 * Holds.Count);
        }

        Holds.Add(hold);
    }
}
