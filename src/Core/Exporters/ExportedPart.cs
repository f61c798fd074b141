namespace FastBuffers;

/// <summary>Some bytes of a region or lease, or all of them: the same exporter as the whole where there is no difference.</summary>
internal static class ExportedPart
{
    /// <summary>The bytes [start, start + length) of a region.</summary>
    internal static IBufferExporter Of(Region region, int start, int length) =>
        start == 0 && length == region.Length ? region : region.Slice(start, length);

    /// <summary>Takes a hold of its own on all bytes of a lease: see the other overload.</summary>
    internal static bool TryTake(Lease lease, HoldKind kind, out Lease taken)
    {
        HoldErrors.ThrowIfNotKind(kind);
        return TryTake(lease, kind, 0, lease.Length, out taken);
    }

    /// <summary>
    /// Takes a hold of its own on bytes of a lease: a share, where the lease covers the kind; else beside it, so that an Exclusive
    /// lease conflicts with itself.
    /// </summary>
    /// <param name="lease">The lease.</param>
    /// <param name="kind">The kind to take.</param>
    /// <param name="start">The first byte, in the lease.</param>
    /// <param name="length">The number of bytes.</param>
    /// <param name="part">The new lease; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold is active.</returns>
    internal static bool TryTake(Lease lease, HoldKind kind, int start, int length, out Lease part)
    {
        HoldErrors.ThrowIfNotKind(kind);
        Region region = lease.Region;
        bool covered = lease.Kind != HoldKind.Exclusive && ConflictTable.Covers(lease.Kind, kind);
        if (!covered)
        {
            // The number first: if the lease ends and a resize comes between, the slice is dead, and not outside.
            int size = region.Size;
            return new RegionSlice(region, lease.Start + start, length, size).TryTake(kind, out part);
        }

        part = lease.Share(start, length, kind);
        return true;
    }
}
