namespace FastBuffers.Locking;

/// <summary>When a waiter has been passed over for too long, so that what it wants is reserved for it: whatever comes first.</summary>
internal static class WaiterFairness
{
    /// <summary>How many conflicting holds others may take that came later.</summary>
    internal const int MaxAdmissions = 64;

    /// <summary>For how long after it began to wait others may take them.</summary>
    internal static readonly TimeSpan MaxPassing = TimeSpan.FromMilliseconds(1);
}
