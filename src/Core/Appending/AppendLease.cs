using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace FastBuffers;

/// <summary>
/// The right to fill a region from its first byte on: the appender alone has the window from the frontier to the end, and moves the
/// frontier up by publishing. What is below may be held Read or Immutable by others meanwhile, and Write or Exclusive by nobody. Copies
/// are the same lease; <c>default</c> behaves as sealed. Thread-safe, but two threads that write to the window do so unchecked.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct AppendLease : IDisposable, IEquatable<AppendLease>
{
    private readonly HoldToken _token;
    private readonly Frontier? _frontier;

    internal AppendLease(HoldToken token, Frontier frontier)
    {
        _token = token;
        _frontier = frontier;
    }

    /// <summary>The number of bytes published so far, also after sealing; 0 for <c>default</c>.</summary>
    public int Written => (int)(_frontier?.Position ?? 0);

    /// <summary>Whether the lease has been sealed.</summary>
    public bool IsSealed => _token.IsReleased;

    /// <summary>The region that is being filled.</summary>
    /// <exception cref="ObjectDisposedException">The lease has been sealed.</exception>
    public Region Region => RequireAlive(out _);

    /// <summary>The bytes that are not published yet, from <see cref="Written"/> to the end of the region: nobody else's.</summary>
    /// <exception cref="ObjectDisposedException">The lease has been sealed.</exception>
    [UnscopedRef]
    public AppendWindow Window
    {
        get
        {
            Region region = RequireAlive(out Frontier frontier);
            return new AppendWindow(_token, frontier, region.Bytes[(int)frontier.Position..]);
        }
    }

    /// <summary>
    /// Moves the frontier up: the next bytes of the window may be held Read or Immutable by others from here on, and whoever holds them
    /// sees what was written to them before. Windows from before have ended.
    /// </summary>
    /// <param name="count">The number of bytes, from 0 to the length of the window.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of range; nothing was published.</exception>
    /// <exception cref="ObjectDisposedException">The lease has been sealed.</exception>
    /// <exception cref="BufferException">Another thread published at the same moment; nothing was published by this call.</exception>
    public void Publish(int count)
    {
        Region region = RequireAlive(out Frontier frontier);
        long position = frontier.Position;
        if (count < 0 || count > frontier.End - position)
        {
            throw RegionErrors.PublishOutside(count, frontier.End - position);
        }

        if (!frontier.TryAdvance(position, position + count))
        {
            throw RegionErrors.PublishedElsewhere();
        }

        if (region.Tracker.IsWaitedFor)
        {
            region.AfterReleaseOf(position, position + count);
        }
    }

    /// <summary>
    /// Ends appending, and the hold on what was not published. A second call, of a copy too, changes nothing and is counted as a double
    /// release.
    /// </summary>
    /// <exception cref="BufferException">A double release, while <see cref="HoldDiagnostics.ThrowOnDoubleRelease"/> is set.</exception>
    public void Seal() => _token.TryRelease();

    /// <summary>The same as <see cref="Seal"/>.</summary>
    /// <exception cref="BufferException">A double release, while <see cref="HoldDiagnostics.ThrowOnDoubleRelease"/> is set.</exception>
    public void Dispose() => Seal();

    /// <inheritdoc/>
    public bool Equals(AppendLease other) => _token == other._token;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is AppendLease other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _token.GetHashCode();

    /// <summary>Whether two leases are copies of each other.</summary>
    public static bool operator ==(AppendLease left, AppendLease right) => left.Equals(right);

    /// <summary>Whether two leases are not copies of each other.</summary>
    public static bool operator !=(AppendLease left, AppendLease right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => _frontier is null ? "no append lease"
        : $"append lease, {Written} of {_frontier.End} bytes written{(IsSealed ? ", sealed" : string.Empty)}";

    // A torn copy may have brought the frontier of another lease.
    private Region RequireAlive(out Frontier frontier)
    {
        frontier = _frontier!;
        bool ours = frontier is not null && ReferenceEquals(_token.Ticket?.Companion, frontier);
        return ours && _token.Domain is Region region ? region : throw HoldErrors.Released(_token.Kind);
    }
}
