namespace FastBuffers.Locking;

/// <summary>
/// Waiting for holds, which trackers themselves never do: blocking or asynchronously, with a time-out, cancellable. Thread-safe.
/// </summary>
/// <remarks>
/// <para>Those who wait for the same tracker are served together, whichever manager they wait through: of waiters whose wishes conflict, who came
/// first is served first; whoever can be served beside those who hold, and beside those who came before, is.</para>
/// <para>Somebody who comes later, and finds what he wants free, may pass those who wait: for 1 ms after one began to wait, and 64 times at
/// most. Then what that one wants is reserved for it, and who wants what conflicts with it is refused, by Try methods too, or waits behind
/// it.</para>
/// <para>Who is cancelled or runs out of time leaves no trace. Retiring a tracker ends all waits for it with
/// <see cref="ObjectDisposedException"/>; freezing it those for Write and Exclusive, with <see cref="BufferException"/>. Continuations never
/// run on the thread that released.</para>
/// </remarks>
public sealed partial class LockManager
{
    // What waiters go by: null for the system's, which is read without a call to foreign code.
    private readonly TimeProvider? _waiterClock;

    /// <summary>Creates a manager. Its callers and those of others serve and see each other; what they do not share are the options.</summary>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="ArgumentNullException">The options have no clock.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit on the number of waiters is negative.</exception>
    public LockManager(LockManagerOptions? options = null)
    {
        options ??= new LockManagerOptions();
        ArgumentNullException.ThrowIfNull(options.TimeProvider, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxWaiters, nameof(options));
        Clock = options.TimeProvider;
        _waiterClock = Clock == TimeProvider.System ? null : Clock;
        MaxWaiters = options.MaxWaiters;
        DetectsDeadlocks = options.DetectDeadlocks;
    }

    /// <summary>The manager that regions wait through: the system's clock, and no limit.</summary>
    public static LockManager Shared { get; } = new();

    /// <summary>How many may wait at once.</summary>
    public int MaxWaiters { get; }

    /// <summary>Whether acquires that would close a cycle of owners throw <see cref="DeadlockException"/>.</summary>
    public bool DetectsDeadlocks { get; }

    /// <summary>How many wait now. Out of date as soon as it is read.</summary>
    public int Waiters => Volatile.Read(ref _waiters);

    /// <summary>Takes a hold on the whole of a tracker, waiting for it.</summary>
    /// <param name="tracker">The tracker.</param>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The hold.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not one of the four kinds.</exception>
    /// <exception cref="ObjectDisposedException">The tracker is retired, or was while the call waited.</exception>
    /// <exception cref="BufferException">
    /// The kind is not supported, or was no longer while the call waited (frozen); or too many hold or wait.
    /// </exception>
    /// <exception cref="DeadlockException">The wait would never end. Only if the manager detects deadlocks, for the owner that is current.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public HoldToken Acquire(HoldTracker tracker, HoldKind kind, CancellationToken cancellationToken = default) =>
        Acquire(tracker, Whole(tracker, kind), Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Takes a hold on a part of a tracker, waiting for it.</summary>
    /// <param name="tracker">The tracker.</param>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="start">The first byte.</param>
    /// <param name="length">The number of bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The hold.</returns>
    /// <inheritdoc cref="TryAcquire(HoldTracker, HoldKind, long, long, TimeSpan, out HoldToken, CancellationToken)" path="/exception"/>
    public HoldToken Acquire(HoldTracker tracker, HoldKind kind, long start, long length, CancellationToken cancellationToken = default) =>
        Acquire(tracker, Part(tracker, kind, start, length), Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Takes a hold on the whole of a tracker, waiting for it for some time.</summary>
    /// <param name="tracker">The tracker.</param>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="timeout">How long to wait: 0 for not at all, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="token">The hold; <see langword="default"/> when the answer is false.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the time was over.</returns>
    /// <inheritdoc cref="TryAcquire(HoldTracker, HoldKind, long, long, TimeSpan, out HoldToken, CancellationToken)" path="/exception"/>
    public bool TryAcquire(
        HoldTracker tracker, HoldKind kind, TimeSpan timeout, out HoldToken token, CancellationToken cancellationToken = default)
    {
        token = Acquire(tracker, Whole(tracker, kind), timeout, cancellationToken);
        return !token.IsDefault;
    }

    /// <summary>Takes a hold on a part of a tracker, waiting for it for some time.</summary>
    /// <param name="tracker">The tracker.</param>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="start">The first byte.</param>
    /// <param name="length">The number of bytes.</param>
    /// <param name="timeout">How long to wait: 0 for not at all, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="token">The hold; <see langword="default"/> when the answer is false.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the time was over.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="tracker"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="kind"/> is not one of the four kinds, the part reaches outside the tracker, or the time is negative or longer than 49
    /// days.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The tracker is retired, or was while the call waited.</exception>
    /// <exception cref="BufferException">
    /// The kind is not supported, or was no longer while the call waited (frozen); or too many hold or wait.
    /// </exception>
    /// <exception cref="DeadlockException">The wait would never end. Only if the manager detects deadlocks, for the owner that is current.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public bool TryAcquire(
        HoldTracker tracker,
        HoldKind kind,
        long start,
        long length,
        TimeSpan timeout,
        out HoldToken token,
        CancellationToken cancellationToken = default)
    {
        token = Acquire(tracker, Part(tracker, kind, start, length), timeout, cancellationToken);
        return !token.IsDefault;
    }

    /// <summary>Takes a hold on the whole of a tracker, waiting for it asynchronously.</summary>
    /// <param name="tracker">The tracker.</param>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="cancellationToken">Ends the wait; no hold is lost by that.</param>
    /// <returns>The hold; to be awaited once. Everything but a bad argument is thrown there.</returns>
    /// <inheritdoc cref="TryAcquire(HoldTracker, HoldKind, long, long, TimeSpan, out HoldToken, CancellationToken)" path="/exception"/>
    public ValueTask<HoldToken> AcquireAsync(HoldTracker tracker, HoldKind kind, CancellationToken cancellationToken = default) =>
        AcquireAsync<HoldToken>(tracker, Whole(tracker, kind), Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Takes a hold on the whole of a tracker, waiting for it asynchronously for some time.</summary>
    /// <param name="tracker">The tracker.</param>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="timeout">How long to wait: 0 for not at all, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Ends the wait; no hold is lost by that.</param>
    /// <returns>The hold; to be awaited once. Everything but a bad argument is thrown there.</returns>
    /// <exception cref="TimeoutException">The time was over.</exception>
    /// <inheritdoc cref="TryAcquire(HoldTracker, HoldKind, long, long, TimeSpan, out HoldToken, CancellationToken)" path="/exception"/>
    public ValueTask<HoldToken> AcquireAsync(
        HoldTracker tracker, HoldKind kind, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        AcquireAsync<HoldToken>(tracker, Whole(tracker, kind), timeout, cancellationToken);

    /// <summary>Takes a hold on a part of a tracker, waiting for it asynchronously.</summary>
    /// <param name="tracker">The tracker.</param>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="start">The first byte.</param>
    /// <param name="length">The number of bytes.</param>
    /// <param name="cancellationToken">Ends the wait; no hold is lost by that.</param>
    /// <returns>The hold; to be awaited once. Everything but a bad argument is thrown there.</returns>
    /// <inheritdoc cref="TryAcquire(HoldTracker, HoldKind, long, long, TimeSpan, out HoldToken, CancellationToken)" path="/exception"/>
    public ValueTask<HoldToken> AcquireAsync(
        HoldTracker tracker, HoldKind kind, long start, long length, CancellationToken cancellationToken = default) =>
        AcquireAsync<HoldToken>(tracker, Part(tracker, kind, start, length), Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Takes a hold on a part of a tracker, waiting for it asynchronously for some time.</summary>
    /// <param name="tracker">The tracker.</param>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="start">The first byte.</param>
    /// <param name="length">The number of bytes.</param>
    /// <param name="timeout">How long to wait: 0 for not at all, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Ends the wait; no hold is lost by that.</param>
    /// <returns>The hold; to be awaited once. Everything but a bad argument is thrown there.</returns>
    /// <exception cref="TimeoutException">The time was over.</exception>
    /// <inheritdoc cref="TryAcquire(HoldTracker, HoldKind, long, long, TimeSpan, out HoldToken, CancellationToken)" path="/exception"/>
    public ValueTask<HoldToken> AcquireAsync(
        HoldTracker tracker, HoldKind kind, long start, long length, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        AcquireAsync<HoldToken>(tracker, Part(tracker, kind, start, length), timeout, cancellationToken);

    private static HoldRequestPart Whole(HoldTracker tracker, HoldKind kind)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        HoldErrors.ThrowIfNotKind(kind);
        return new HoldRequestPart(ConflictTable.Index(kind), RangeRequest.Whole);
    }

    private static HoldRequestPart Part(HoldTracker tracker, HoldKind kind, long start, long length)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        HoldErrors.ThrowIfNotKind(kind);
        HoldErrors.CheckRange(start, length, tracker.Length);
        return new HoldRequestPart(ConflictTable.Index(kind), new RangeRequest(start, start + length, tracker.Size));
    }
}
