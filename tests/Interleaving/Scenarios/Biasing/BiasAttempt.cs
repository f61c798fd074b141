namespace FastBuffers.Interleaving.Scenarios.Biasing;

/// <summary>One attempt to take a hold, or to have a domain alone for a moment, and whom it met while it lasted.</summary>
internal struct BiasAttempt
{
    public int Thread;
    public HoldKind Kind;

    /// <summary>Whether it may be in the way of others: from before its first step until after the last one of the end of its hold.</summary>
    public bool IsOpen;

    public bool Succeeded;
    public bool WasRefused;

    /// <summary>The other attempts, as a bit each, that were open at a time when it was.</summary>
    public uint Met;
}
