namespace FastBuffers;

/// <summary>
/// A slot that readers share from while a writer publishes the next version: what a cache needs. Whoever shares gets the version that
/// is current at that instant, alive, and keeps it as long as it likes; the version before goes with the last of its readers.
/// Thread-safe and lock-free, for any number of readers and writers. Sharing allocates nothing in steady state, publishing 32 bytes.
/// </summary>
/// <remarks>
/// A lease is two words, which a plain field could tear. So the slot refers to an immutable object with the lease, and one
/// compare-and-swap replaces it. The old lease is released after that: a reader that comes too late for it finds a newer version when it
/// looks again, and one that was in time has raised the count. No reader ever waits, and none is refused for a publication.
/// </remarks>
public sealed class LeaseCell : IDisposable
{
    private static readonly Version s_disposed = new(default);

    // Null while the cell is empty. Every publication is a new object, so that finding the same one twice means that nothing happened
    // in between.
    private Version? _current;

    /// <summary>Creates an empty cell.</summary>
    public LeaseCell()
    {
    }

    /// <summary>Creates a cell with its first version.</summary>
    /// <param name="initial">A Read or Immutable lease, which the cell owns from the call on, also if it throws.</param>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="BufferException">The lease is Write or Exclusive.</exception>
    public LeaseCell(Lease initial) => Publish(initial);

    /// <summary>Shares the current version.</summary>
    /// <param name="share">A lease of the kind that was published; <c>default</c> when the answer is false.</param>
    /// <returns>False when the cell is empty.</returns>
    /// <exception cref="ObjectDisposedException">
    /// The cell has been disposed; or the published lease has been released by somebody else, whose it no longer was.
    /// </exception>
    /// <exception cref="BufferException">There are too many holds on the region (262,143).</exception>
    public bool TryShare(out Lease share)
    {
        Version? seen = Volatile.Read(ref _current);
        while (seen is not null)
        {
            ObjectDisposedException.ThrowIf(seen == s_disposed, this);
            if (HoldConversion.TryShare(seen.Lease.Token, seen.Lease.Kind, out HoldToken token))
            {
                share = new Lease(token);
                return true;
            }

            // Whoever ended this version had replaced it before, so that the next look finds another one.
            Version? next = Volatile.Read(ref _current);
            seen = next != seen ? next : throw HoldErrors.Released(seen.Lease.Kind);
        }

        share = default;
        return false;
    }

    /// <summary>Shares the current version.</summary>
    /// <returns>A lease of the kind that was published.</returns>
    /// <exception cref="ObjectDisposedException">As for <see cref="TryShare"/>.</exception>
    /// <exception cref="BufferException">The cell is empty, or there are too many holds on the region (262,143).</exception>
    public Lease Share() =>
        TryShare(out Lease share) ? share : throw new BufferException("The cell is empty: publish a lease before sharing from it.");

    /// <summary>Replaces the current version, whose readers keep their shares.</summary>
    /// <param name="next">
    /// A Read or Immutable lease: what readers get is of that kind. The cell owns it from the call on, also if it throws.
    /// </param>
    /// <exception cref="ObjectDisposedException">The cell has been disposed, or the lease released.</exception>
    /// <exception cref="BufferException">The lease is Write or Exclusive: downgrade it first.</exception>
    public void Publish(Lease next)
    {
        bool published = false;
        try
        {
            next.RequireAlive();
            if (next.Kind is not (HoldKind.Read or HoldKind.Immutable))
            {
                throw new BufferException(
                    $"A cell takes Read and Immutable leases, for readers to share; this one is {next.Kind}: downgrade it.");
            }

            Version? before = Replace(new Version(next));
            published = true;
            before?.Lease.Dispose();
        }
        finally
        {
            if (!published)
            {
                next.Token.EndOnce();
            }
        }
    }

    /// <summary>Takes the current version out and leaves the cell empty.</summary>
    /// <param name="lease">
    /// The lease that was published, which is the caller's from here on; <c>default</c> when the answer is false. Readers that were about
    /// to share it may still do so for as long as it is alive.
    /// </param>
    /// <returns>False when the cell was empty.</returns>
    /// <exception cref="ObjectDisposedException">The cell has been disposed.</exception>
    public bool TryRemove(out Lease lease)
    {
        Version? before = Replace(null);
        lease = before is null ? default : before.Lease;
        return before is not null;
    }

    /// <summary>Releases the current version, whose readers keep their shares. A second call does nothing.</summary>
    public void Dispose()
    {
        Version? before = Interlocked.Exchange(ref _current, s_disposed);
        if (before is not null && before != s_disposed)
        {
            before.Lease.Dispose();
        }
    }

    private Version? Replace(Version? next)
    {
        Version? seen = Volatile.Read(ref _current);
        while (true)
        {
            ObjectDisposedException.ThrowIf(seen == s_disposed, this);
            Version? found = Interlocked.CompareExchange(ref _current, next, seen);
            if (found == seen)
            {
                return seen;
            }

            seen = found;
        }
    }

    private sealed class Version(Lease lease)
    {
        internal Lease Lease { get; } = lease;
    }
}
