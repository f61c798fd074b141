namespace FastBuffers;

/// <summary>
/// Waiting for regions and slices through a manager of one's own, with its clock, its limit on waiters, its detection of deadlocks. What
/// <see cref="Region"/> and <see cref="RegionLocks"/> do themselves goes through <see cref="LockManager.Shared"/>. Thread-safe.
/// </summary>
public static class LockManagerExtensions
{
    /// <summary>Takes a lease, waiting for it.</summary>
    /// <typeparam name="T"><see cref="Region"/> or <see cref="RegionSlice"/>.</typeparam>
    /// <param name="manager">The manager.</param>
    /// <param name="source">The region or slice.</param>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The lease.</returns>
    /// <inheritdoc cref="TryAcquire" path="/exception"/>
    public static Lease Acquire<T>(this LockManager manager, T source, HoldKind kind, CancellationToken cancellationToken = default)
        where T : IBufferExporter
    {
        ArgumentNullException.ThrowIfNull(manager);
        (Region region, HoldRequestPart part) = Locate(source, kind);
        return new Lease(manager.Acquire(region, part, Timeout.InfiniteTimeSpan, cancellationToken));
    }

    /// <summary>Takes a lease, waiting for it for some time.</summary>
    /// <typeparam name="T"><see cref="Region"/> or <see cref="RegionSlice"/>.</typeparam>
    /// <param name="manager">The manager.</param>
    /// <param name="source">The region or slice.</param>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="timeout">How long to wait: 0 for not at all, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="lease">The lease; <see langword="default"/> when the answer is false.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the time was over.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="manager"/> or <paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="source"/> is neither a region nor a slice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="kind"/> is not one of the four kinds, or the time is negative or longer than 49 days.
    /// </exception>
    /// <exception cref="ObjectDisposedException">
    /// The region is disposed, or resized since the slice was made; or was while the call waited.
    /// </exception>
    /// <exception cref="BufferException">
    /// The kind is not supported, or was no longer while the call waited (frozen); or too many hold or wait.
    /// </exception>
    /// <exception cref="DeadlockException">The wait would never end. Only if the manager detects deadlocks, for the owner that is current.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public static bool TryAcquire<T>(
        this LockManager manager, T source, HoldKind kind, TimeSpan timeout, out Lease lease, CancellationToken cancellationToken = default)
        where T : IBufferExporter
    {
        ArgumentNullException.ThrowIfNull(manager);
        (Region region, HoldRequestPart part) = Locate(source, kind);
        lease = new Lease(manager.Acquire(region, part, timeout, cancellationToken));
        return lease != default;
    }

    /// <summary>Takes a lease, waiting for it asynchronously.</summary>
    /// <typeparam name="T"><see cref="Region"/> or <see cref="RegionSlice"/>.</typeparam>
    /// <param name="manager">The manager.</param>
    /// <param name="source">The region or slice.</param>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="cancellationToken">Ends the wait; no lease is lost by that.</param>
    /// <returns>The lease; to be awaited once. Everything but a bad argument is thrown there.</returns>
    /// <inheritdoc cref="TryAcquire" path="/exception"/>
    public static ValueTask<Lease> AcquireAsync<T>(
        this LockManager manager, T source, HoldKind kind, CancellationToken cancellationToken = default)
        where T : IBufferExporter => AcquireAsync(manager, source, kind, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Takes a lease, waiting for it asynchronously for some time.</summary>
    /// <typeparam name="T"><see cref="Region"/> or <see cref="RegionSlice"/>.</typeparam>
    /// <param name="manager">The manager.</param>
    /// <param name="source">The region or slice.</param>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="timeout">How long to wait: 0 for not at all, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Ends the wait; no lease is lost by that.</param>
    /// <returns>The lease; to be awaited once. Everything but a bad argument is thrown there.</returns>
    /// <exception cref="TimeoutException">The time was over.</exception>
    /// <inheritdoc cref="TryAcquire" path="/exception"/>
    public static ValueTask<Lease> AcquireAsync<T>(
        this LockManager manager, T source, HoldKind kind, TimeSpan timeout, CancellationToken cancellationToken = default)
        where T : IBufferExporter
    {
        ArgumentNullException.ThrowIfNull(manager);
        (Region region, HoldRequestPart part) = Locate(source, kind);
        return manager.AcquireAsync<Lease>(region, part, timeout, cancellationToken);
    }

    /// <summary>As <see cref="RegionLocks.AcquireAll(IReadOnlyList{HoldRequest}, CancellationToken)"/>, through a manager.</summary>
    /// <param name="manager">The manager.</param>
    /// <param name="requests">Regions or slices, in any order, with the kinds that are wanted.</param>
    /// <param name="cancellationToken">Ends the wait: what was taken so far is released.</param>
    /// <returns>The leases, in the order of the requests, to be disposed together or one by one.</returns>
    /// <exception cref="DeadlockException">The wait would never end. Only if the manager detects deadlocks, for the owner that is current.</exception>
    /// <inheritdoc cref="RegionLocks.AcquireAll(IReadOnlyList{HoldRequest}, CancellationToken)" path="/exception"/>
    public static LeaseSet AcquireAll(
        this LockManager manager, IReadOnlyList<HoldRequest> requests, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manager);
        return RegionLocks.AcquireAll(manager, requests, cancellationToken);
    }

    /// <summary>As <see cref="RegionLocks.AcquireAllAsync(IReadOnlyList{HoldRequest}, CancellationToken)"/>, through a manager.</summary>
    /// <param name="manager">The manager.</param>
    /// <param name="requests">Regions or slices, in any order, with the kinds that are wanted.</param>
    /// <param name="cancellationToken">Ends the wait: what was taken so far is released.</param>
    /// <returns>The leases, in the order of the requests, to be disposed together or one by one.</returns>
    /// <inheritdoc cref="AcquireAll" path="/exception"/>
    public static ValueTask<LeaseSet> AcquireAllAsync(
        this LockManager manager, IReadOnlyList<HoldRequest> requests, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manager);
        return RegionLocks.AcquireAllAsync(manager, requests, cancellationToken);
    }

    /// <summary>Takes a lease to be an owner's: one that was made from another, or that somebody else hands over.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="lease">The lease. One that has ended is nobody's.</param>
    public static void Adopt(this HoldOwner owner, Lease lease)
    {
        ArgumentNullException.ThrowIfNull(owner);
        owner.Adopt(lease.Token);
    }

    /// <summary>Takes a lease to be nobody's: somebody else is going to release it.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="lease">The lease.</param>
    /// <returns>False when it was not this owner's.</returns>
    public static bool Forget(this HoldOwner owner, Lease lease)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return owner.Forget(lease.Token);
    }

    private static (Region Region, HoldRequestPart Part) Locate<T>(T source, HoldKind kind)
        where T : IBufferExporter
    {
        ArgumentNullException.ThrowIfNull(source);
        HoldErrors.ThrowIfNotKind(kind);
        int index = ConflictTable.Index(kind);
        return source switch
        {
            Region region => (region, new HoldRequestPart(index, RangeRequest.Whole)),
            RegionSlice slice => (slice.Region, new HoldRequestPart(index, slice.Range)),
            _ => throw new ArgumentException($"A {source.GetType().Name} cannot be waited for: only regions and slices can.", nameof(source)),
        };
    }
}
