namespace FastBuffers;

/// <summary>
/// Those who wait for budget, first come, first served: a small request behind a large one waits its turn. Thread-safe; continuations
/// never run on the thread that pumps, cancels or closes. Waiting allocates nothing in steady state beside what a cancellable token
/// takes for its registration.
/// </summary>
/// <remarks>
/// <para>
/// No wake-up is lost although returners pay one load and no fence. A returner stores what it gives back, loads
/// <see cref="HasWaiters"/>, and pumps if there are any; its store may still be in its store buffer at the load. Who makes the queue
/// non-empty raises the flag, issues a process-wide barrier, and pumps. A returner that loaded before the barrier reached its core has
/// stored before it too, and that pump finds the memory; one that loads after it sees the flag. Who queues behind others needs neither:
/// the flag stays up, and with each head that leaves, the next one is tried.
/// </para>
/// <para>
/// Whoever takes a waiter out of the list under the lock is the one who completes it, without the lock. A waiter whose token was
/// cancelled is never used again: neither the pump that is renting for it nor a late callback takes the next wait for the one it knew.
/// </para>
/// </remarks>
internal sealed partial class RentQueue
{
    private readonly IRentSource _source;
    private readonly RentWaiterCache _idle = new();
    private ShortLock _lock;
    private RentWaiter? _first;
    private RentWaiter? _last;
    private bool _closed;
    private int _count;
    private long _waits;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="source">What is asked for the head of the queue.</param>
    internal RentQueue(IRentSource source) => _source = source;

    /// <summary>
    /// Whether anybody waits; one load, for the fast path of a return. Up from before the barrier of who comes first until the last
    /// one has left.
    /// </summary>
    internal bool HasWaiters => Volatile.Read(ref _count) != 0;

    /// <summary>How many wait now.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>How many had to wait so far, those included who were cancelled.</summary>
    internal long Waits => Volatile.Read(ref _waits);

    /// <summary>
    /// Rents, waiting for budget behind those who wait already. Only a synchronous rent, which asks the source and not the queue, may
    /// overtake them.
    /// </summary>
    /// <param name="length">The number of bytes, which the source must be able to rent some day: nobody behind is served before.</param>
    /// <param name="cancellationToken">Ends the wait; no matter when, no lease is lost by it.</param>
    /// <returns>
    /// The lease; to be awaited once. It ends with <see cref="OperationCanceledException"/> for this token, with
    /// <see cref="ObjectDisposedException"/> when the queue is or was closed, or with what the source threw.
    /// </returns>
    internal ValueTask<Lease> RentAsync(int length, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Lease>(cancellationToken);
        }

        try
        {
            return !HasWaiters && _source.TryRent(length, out Lease lease)
                ? new ValueTask<Lease>(lease)
                : Enqueue(length, cancellationToken);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<Lease>(exception);
        }
    }

    /// <summary>
    /// Ends all waits with <see cref="ObjectDisposedException"/>, and those to come. What a running pump has rented meanwhile is
    /// disposed by it. Idempotent.
    /// </summary>
    internal void Close()
    {
        _lock.Enter();
        RentWaiter? waiter = _first;
        _first = null;
        _last = null;
        _closed = true;
        Volatile.Write(ref _count, 0);
        _lock.Exit();

        while (waiter is not null)
        {
            // Read before the waiter is completed: then it is somebody else's.
            RentWaiter? next = waiter.Next;
            waiter.Fail(Closed());
            waiter = next;
        }
    }

    /// <summary>Ends a wait because its token was cancelled; does nothing when it has ended.</summary>
    internal void Cancel(RentWaiter waiter, CancellationToken cancellationToken)
    {
        if (!TryRemove(waiter, out bool wasFirst))
        {
            return;
        }

        waiter.Fail(new OperationCanceledException(cancellationToken));
        if (wasFirst)
        {
            // The next one may want less.
            Pump();
        }
    }

    /// <summary>Takes back a waiter whose wait is over and consumed.</summary>
    internal void Recycle(RentWaiter waiter) => _idle.Return(waiter);

    private ValueTask<Lease> Enqueue(int length, CancellationToken cancellationToken)
    {
        RentWaiter waiter = _idle.TryRent() ?? new RentWaiter(this);
        waiter.Length = length;
        if (!TryAppend(waiter, out bool isFirst))
        {
            return ValueTask.FromException<Lease>(Closed());
        }

        ValueTask<Lease> task = waiter.Begin(cancellationToken);
        if (isFirst)
        {
            // Pairs with the plain store of a return before its load of HasWaiters.
            Interlocked.MemoryBarrierProcessWide();
            Pump();
        }

        return task;
    }

    private ObjectDisposedException Closed() => new(_source.GetType().FullName);
}
