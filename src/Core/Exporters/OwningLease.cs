namespace FastBuffers;

/// <summary>Leases that own their bytes: the region takes no further holds, and is freed with the last lease made from this one.</summary>
internal static class OwningLease
{
    /// <summary>Takes the lease on a new region and retires it, which unlike a Dispose under a lease is no mistake to report.</summary>
    internal static Lease Of(Region region, HoldKind kind)
    {
        try
        {
            return region.Take(kind);
        }
        finally
        {
            region.RetireCore(out _);
        }
    }
}
