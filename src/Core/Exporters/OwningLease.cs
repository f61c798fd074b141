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

    /// <summary>Copies the bytes of a live lease, whatever happens to that one meanwhile.</summary>
    /// <returns>An Exclusive lease.</returns>
    internal static Lease OfCopy(Lease source)
    {
        using LeaseScope scope = source.Open();
        ReadOnlySpan<byte> bytes = scope.ReadOnlySpan;
        Lease copy = Of(Region.Allocate(bytes.Length), HoldKind.Exclusive);
        bytes.CopyTo(copy.Span);
        return copy;
    }
}
