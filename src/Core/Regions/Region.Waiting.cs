using System.Runtime.CompilerServices;

namespace FastBuffers;

// Leases that are waited for.
public sealed unsafe partial class Region
{
    /// <summary>Takes a lease on the whole region, waiting for it.</summary>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The lease, to be disposed by whoever has it last.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not one of the four kinds.</exception>
    /// <exception cref="ObjectDisposedException">The region has been disposed, or was while the call waited.</exception>
    /// <exception cref="BufferException">
    /// The kind is not supported here, or was no longer while the call waited (frozen); or there are too many holds (262,143).
    /// </exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public Lease Acquire(HoldKind kind, CancellationToken cancellationToken = default) =>
        new(LockManager.Shared.Acquire(this, Wanted(kind), Timeout.InfiniteTimeSpan, cancellationToken));

    /// <summary>Takes a lease on the whole region, waiting for it for some time.</summary>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="timeout">How long to wait: 0 for not at all, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="lease">The lease; <c>default</c> when the answer is false.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the time was over.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="kind"/> is not one of the four kinds; or the time is negative, or longer than 49 days.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The region has been disposed, or was while the call waited.</exception>
    /// <exception cref="BufferException">
    /// The kind is not supported here, or was no longer while the call waited (frozen); or there are too many holds (262,143).
    /// </exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public bool TryAcquire(HoldKind kind, TimeSpan timeout, out Lease lease, CancellationToken cancellationToken = default)
    {
        lease = new Lease(LockManager.Shared.Acquire(this, Wanted(kind), timeout, cancellationToken));
        return lease != default;
    }

    /// <summary>Takes a lease on the whole region, waiting for it asynchronously. Allocates nothing if there is nothing to wait for.</summary>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="cancellationToken">Ends the wait; no lease is lost by that.</param>
    /// <returns>The lease; to be awaited once. Everything but a bad argument is thrown there.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not one of the four kinds.</exception>
    /// <exception cref="ObjectDisposedException">The region has been disposed, or was while the call waited.</exception>
    /// <exception cref="BufferException">
    /// The kind is not supported here, or was no longer while the call waited (frozen); or there are too many holds (262,143).
    /// </exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    // Inlined, because the caller copies a ValueTask that is returned as a whole, just after its fields were stored one by one: a processor waits
    // for such stores, longer than all the rest takes. A token is returned in registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ValueTask<Lease> AcquireAsync(HoldKind kind, CancellationToken cancellationToken = default)
    {
        if (!cancellationToken.IsCancellationRequested)
        {
            HoldToken token = (kind is HoldKind.Immutable or HoldKind.Read or HoldKind.Write) && Tracker.TryTakeIdle(HoldWord.First(kind), out long value)
                ? new HoldToken(this, value)
                : TakeAtOnce(kind);
            if (!token.IsDefault)
            {
                return new ValueTask<Lease>(new Lease(token));
            }
        }

        return LockManager.Shared.AcquireAsync<Lease>(this, Wanted(kind), Timeout.InfiniteTimeSpan, cancellationToken);
    }

    /// <summary>Takes a lease on the whole region, waiting for it asynchronously for some time.</summary>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="timeout">How long to wait: 0 for not at all, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Ends the wait; no lease is lost by that.</param>
    /// <returns>The lease; to be awaited once. Everything but a bad argument is thrown there.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="kind"/> is not one of the four kinds; or the time is negative, or longer than 49 days.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The region has been disposed, or was while the call waited.</exception>
    /// <exception cref="BufferException">
    /// The kind is not supported here, or was no longer while the call waited (frozen); or there are too many holds (262,143).
    /// </exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="TimeoutException">The time was over.</exception>
    public ValueTask<Lease> AcquireAsync(HoldKind kind, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        LockManager.Shared.AcquireAsync<Lease>(this, Wanted(kind), timeout, cancellationToken);

    // An Exclusive hold, if nothing is in its way; else default.
    private HoldToken TakeAtOnce(HoldKind kind) =>
        kind == HoldKind.Exclusive && TryTakeSimple(ConflictTable.ExclusiveIndex, out HoldToken token) ? token : default;

    private static HoldRequestPart Wanted(HoldKind kind)
    {
        HoldErrors.ThrowIfNotKind(kind);
        return new HoldRequestPart(ConflictTable.Index(kind), RangeRequest.Whole);
    }
}
