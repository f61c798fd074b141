namespace FastBuffers;

/// <summary>
/// Takes several leases at once, all or none, waiting for them. Thread-safe.
/// </summary>
/// <remarks>
/// Calls do not deadlock with each other, in whatever order they name regions and slices: all calls take regions in the same order, and what
/// they want of one region in one step. A caller who already has a lease when it waits for others is on its own.
/// </remarks>
public static partial class RegionLocks
{
    /// <summary>Takes a lease for each request, waiting for all of them.</summary>
    /// <param name="requests">Regions or slices, in any order, with the kinds that are wanted.</param>
    /// <param name="cancellationToken">Ends the wait: what was taken so far is released.</param>
    /// <returns>The leases, in the order of the requests, to be disposed together or one by one.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="requests"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// Two requests conflict with each other, which the message names; or one has no exporter, one that is neither region nor slice, or no kind.
    /// </exception>
    /// <exception cref="ObjectDisposedException">A region is disposed, or resized since its slice was made; or was while the call waited.</exception>
    /// <exception cref="BufferException">A kind is not supported; or there are too many holds (262,143).</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public static LeaseSet AcquireAll(IReadOnlyList<HoldRequest> requests, CancellationToken cancellationToken = default) =>
        AcquireAll(LockManager.Shared, requests, cancellationToken);

    /// <summary>Takes a lease for each request, waiting for all of them asynchronously.</summary>
    /// <param name="requests">Regions or slices, in any order, with the kinds that are wanted.</param>
    /// <param name="cancellationToken">Ends the wait: what was taken so far is released.</param>
    /// <returns>The leases, in the order of the requests, to be disposed together or one by one.</returns>
    /// <inheritdoc cref="AcquireAll(IReadOnlyList{HoldRequest}, CancellationToken)" path="/exception"/>
    public static ValueTask<LeaseSet> AcquireAllAsync(IReadOnlyList<HoldRequest> requests, CancellationToken cancellationToken = default) =>
        AcquireAllAsync(LockManager.Shared, requests, cancellationToken);

    /// <summary>The same, through a manager.</summary>
    internal static LeaseSet AcquireAll(LockManager manager, IReadOnlyList<HoldRequest> requests, CancellationToken cancellationToken)
    {
        List<DomainRequests> plan = Plan(requests);
        var leases = new Lease[requests.Count];
        try
        {
            foreach (DomainRequests own in plan)
            {
                own.Put(manager.Acquire(own.Region, own.Parts, Timeout.InfiniteTimeSpan, cancellationToken), leases);
            }

            return new LeaseSet(leases);
        }
        catch
        {
            End(leases);
            throw;
        }
    }

    /// <summary>The same, through a manager.</summary>
    internal static ValueTask<LeaseSet> AcquireAllAsync(
        LockManager manager, IReadOnlyList<HoldRequest> requests, CancellationToken cancellationToken) =>
        AcquireAllAsync(manager, Plan(requests), new Lease[requests.Count], cancellationToken);

    private static async ValueTask<LeaseSet> AcquireAllAsync(
        LockManager manager, List<DomainRequests> plan, Lease[] leases, CancellationToken cancellationToken)
    {
        try
        {
            foreach (DomainRequests own in plan)
            {
                HeldTokens held = await manager.AcquireAsync(own.Region, own.Parts, cancellationToken).ConfigureAwait(false);
                own.Put(held.Tokens, leases);
            }

            return new LeaseSet(leases);
        }
        catch
        {
            End(leases);
            throw;
        }
    }

    private static void End(Lease[] leases)
    {
        foreach (Lease lease in leases)
        {
            lease.Token.EndOnce();
        }
    }
}
