namespace FastBuffers;

/// <summary>
/// The gate between an exporter and who uses its bytes: asks only for what the exporter declares, and checks what comes back. The
/// documented way for a parser, a hasher or a codec to take bytes from anyone. Thread-safe; a struct exporter is not boxed.
/// </summary>
/// <remarks>
/// The capabilities are read first. A kind that is not among them is refused as unsupported without asking, so that a lack of support
/// is never hidden by a conflict. An exporter that declares nothing (<see cref="HoldCapabilities.Unknown"/>) is asked for Read and Write
/// only.
/// </remarks>
public static class BufferConsumer
{
    /// <summary>Asks for bytes that nothing can change while the lease lasts.</summary>
    /// <typeparam name="T">The type of the exporter.</typeparam>
    /// <param name="source">The exporter.</param>
    /// <param name="lease">An Immutable lease; <c>default</c> when the answer is false.</param>
    /// <param name="refusal">Why the answer is false.</param>
    /// <returns>Whether there is a lease.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The exporter's bytes are gone.</exception>
    /// <exception cref="BufferException">The exporter broke a rule; what it returned has been released.</exception>
    public static bool TryImmutable<T>(in T source, out Lease lease, out HoldRefusal refusal)
        where T : IBufferExporter =>
        (refusal = Ask(in source, HoldKind.Immutable, out lease, out _)) == HoldRefusal.None;

    /// <summary>Asks for bytes that nobody else can read or write while the lease lasts.</summary>
    /// <typeparam name="T">The type of the exporter.</typeparam>
    /// <param name="source">The exporter.</param>
    /// <param name="lease">An Exclusive lease; <c>default</c> when the answer is false.</param>
    /// <param name="refusal">Why the answer is false.</param>
    /// <returns>Whether there is a lease.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The exporter's bytes are gone.</exception>
    /// <exception cref="BufferException">The exporter broke a rule; what it returned has been released.</exception>
    public static bool TryExclusive<T>(in T source, out Lease lease, out HoldRefusal refusal)
        where T : IBufferExporter =>
        (refusal = Ask(in source, HoldKind.Exclusive, out lease, out _)) == HoldRefusal.None;

    /// <summary>Asks for bytes that stay where they are while the lease lasts, and may be written by others meanwhile.</summary>
    /// <typeparam name="T">The type of the exporter.</typeparam>
    /// <param name="source">The exporter.</param>
    /// <param name="writable">Whether to ask for Write instead of Read.</param>
    /// <param name="lease">A Read or Write lease; <c>default</c> when the answer is false.</param>
    /// <param name="refusal">Why the answer is false.</param>
    /// <returns>Whether there is a lease.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The exporter's bytes are gone.</exception>
    /// <exception cref="BufferException">The exporter broke a rule; what it returned has been released.</exception>
    public static bool TryRaw<T>(in T source, bool writable, out Lease lease, out HoldRefusal refusal)
        where T : IBufferExporter =>
        (refusal = Ask(in source, writable ? HoldKind.Write : HoldKind.Read, out lease, out _)) == HoldRefusal.None;

    /// <summary>Asks for a lease of one kind, or throws.</summary>
    /// <typeparam name="T">The type of the exporter.</typeparam>
    /// <param name="source">The exporter.</param>
    /// <param name="kind">One of the four kinds.</param>
    /// <returns>The lease.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not one of the four kinds.</exception>
    /// <exception cref="ObjectDisposedException">The exporter's bytes are gone.</exception>
    /// <exception cref="BufferException">
    /// The kind is not supported, or the exporter broke a rule; what it returned has been released.
    /// </exception>
    /// <exception cref="BufferConflictException">A conflicting hold is active.</exception>
    public static Lease Take<T>(in T source, HoldKind kind)
        where T : IBufferExporter
    {
        HoldErrors.ThrowIfNotKind(kind);
        HoldRefusal refusal = Ask(in source, kind, out Lease lease, out BufferException? cause);
        return refusal == HoldRefusal.None ? lease : throw ExporterErrors.Refused(in source, kind, refusal, cause);
    }

    /// <summary>
    /// Gives bytes that never change while the lease lasts: the exporter's own where it can promise that, else one copy of them.
    /// </summary>
    /// <typeparam name="T">The type of the exporter.</typeparam>
    /// <param name="source">The exporter.</param>
    /// <param name="copied">Whether the lease is of a copy.</param>
    /// <param name="pool">What a copy is rented from; <see cref="RegionPool.Shared"/> for null.</param>
    /// <param name="copyOnConflict">
    /// Whether to copy also when the exporter can promise it, but not now: what a writer is changing meanwhile is then copied as it
    /// happens to be.
    /// </param>
    /// <returns>
    /// An Immutable lease. A copy is frozen and rented: its memory goes back to the pool with the last hold on it.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The exporter's bytes are gone.</exception>
    /// <exception cref="BufferException">The exporter supports no Read, or broke a rule.</exception>
    /// <exception cref="BufferConflictException">
    /// A conflicting hold is active, and a copy was not asked for then; or one that conflicts with reading.
    /// </exception>
    /// <exception cref="PoolExhaustedException">The pool has no memory for the copy.</exception>
    /// <exception cref="OutOfMemoryException">The system has none.</exception>
    public static Lease ImmutableOrCopy<T>(in T source, out bool copied, RegionPool? pool = null, bool copyOnConflict = false)
        where T : IBufferExporter
    {
        HoldRefusal refusal = Ask(in source, HoldKind.Immutable, out Lease lease, out BufferException? cause);
        copied = refusal != HoldRefusal.None;
        if (!copied)
        {
            return lease;
        }

        if (refusal == HoldRefusal.Conflict && !copyOnConflict)
        {
            throw ExporterErrors.Refused(in source, HoldKind.Immutable, refusal, cause);
        }

        using Lease raw = Take(in source, HoldKind.Read);
        return Copy(raw, pool).Freeze();
    }

    /// <summary>
    /// Gives bytes that are the caller's alone (a fork): the lease's own where nobody else holds them, else one copy of them.
    /// </summary>
    /// <param name="lease">
    /// A lease of any kind. It is consumed: upgraded, or released when its bytes have been copied; an Exclusive one is given back as it
    /// is. If anything is thrown, it is as before.
    /// </param>
    /// <param name="copied">Whether the lease that is returned is of a copy.</param>
    /// <param name="pool">What a copy is rented from; <see cref="RegionPool.Shared"/> for null.</param>
    /// <returns>An Exclusive lease. A copy is rented: its memory goes back to the pool with the last hold on it.</returns>
    /// <remarks>
    /// Copied is also what can never be Exclusive: frozen bytes, somebody's array, memory whose region has been disposed. Bytes that
    /// a writer is changing meanwhile are copied as they happen to be.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="BufferException">Another thread is changing this very lease, or there are too many holds (262,143).</exception>
    /// <exception cref="PoolExhaustedException">The pool has no memory for the copy.</exception>
    /// <exception cref="OutOfMemoryException">The system has none.</exception>
    public static Lease ExclusiveOrCopy(Lease lease, out bool copied, RegionPool? pool = null)
    {
        copied = false;
        Region region = lease.RequireAlive();
        if (lease.Kind == HoldKind.Exclusive)
        {
            return lease;
        }

        if (TryUpgrade(lease, region, out Lease alone))
        {
            return alone;
        }

        Lease copy = Copy(lease, pool);
        try
        {
            lease.Dispose();
        }
        catch
        {
            copy.Dispose();
            throw;
        }

        copied = true;
        return copy;
    }

    // Copies the bytes of a live lease, whatever happens to that one meanwhile.
    private static Lease Copy(Lease source, RegionPool? pool)
    {
        using LeaseScope scope = source.Open();
        ReadOnlySpan<byte> bytes = scope.ReadOnlySpan;
        Lease copy = (pool ?? RegionPool.Shared).Rent(bytes.Length);
        bytes.CopyTo(copy.Span);
        return copy;
    }

    private static HoldRefusal Ask<T>(in T source, HoldKind kind, out Lease lease, out BufferException? cause)
        where T : IBufferExporter
    {
        // The type first: to compare a struct with null boxes it, where the compiler does not optimise.
        if (!typeof(T).IsValueType && source is null)
        {
            throw new ArgumentNullException(nameof(source));
        }

        lease = default;
        cause = null;
        if (!MayBeAsked(source.Capabilities, kind))
        {
            return HoldRefusal.Unsupported;
        }

        int length = source.Length;
        HoldRefusal refusal = Call(in source, kind, out lease, out cause);
        try
        {
            ExporterErrors.ThrowIfBroken(in source, kind, refusal, lease, length);
            return refusal;
        }
        catch
        {
            End(ref lease);
            throw;
        }
    }

    private static HoldRefusal Call<T>(in T source, HoldKind kind, out Lease lease, out BufferException? cause)
        where T : IBufferExporter
    {
        lease = default;
        cause = null;
        try
        {
            return source.TryTake(kind, out lease) ? HoldRefusal.None : HoldRefusal.Conflict;
        }
        catch (BufferException exception)
        {
            // What was assigned before the throw would be lost.
            End(ref lease);
            cause = exception;
            return exception is BufferConflictException ? HoldRefusal.Conflict : HoldRefusal.Unsupported;
        }
        catch
        {
            End(ref lease);
            throw;
        }
    }

    // Unreported: a lease that an exporter returned dead has been released once, and by others.
    private static void End(ref Lease lease)
    {
        lease.Token.EndOnce();
        lease = default;
    }

    private static bool MayBeAsked(HoldCapabilities declared, HoldKind kind)
    {
        HoldCapabilities kinds = declared & ConflictTable.AllKinds;
        return kinds == HoldCapabilities.Unknown ? kind is HoldKind.Read or HoldKind.Write : (kinds & (HoldCapabilities)kind) != 0;
    }

    private static bool TryUpgrade(Lease lease, Region region, out Lease alone)
    {
        alone = default;
        try
        {
            return CanBeExclusive(region) && lease.TryUpgrade(HoldKind.Exclusive, out alone);
        }
        catch (Exception exception) when (exception is BufferException or ObjectDisposedException && !CanBeExclusive(region))
        {
            // Frozen or disposed after it was looked at: the same as before.
            return false;
        }
    }

    private static bool CanBeExclusive(Region region) =>
        !region.Tracker.IsRetired && (region.SupportedKinds & HoldCapabilities.Exclusive) != 0;
}
