namespace FastBuffers.Locking;

/// <summary>
/// How far one appender has published: below this only Read and Immutable, from here on nobody else. Made for one appender and never
/// used for another, so that a late <see cref="TryAdvance"/> moves nothing that matters.
/// </summary>
/// <param name="end">The end of the appender's window.</param>
internal sealed class Frontier(long end)
{
    private long _position;

    internal long Position => Volatile.Read(ref _position);

    internal long End => end;

    /// <summary>Moves the frontier up. The bytes below it were written before this, and are seen by whoever sees it.</summary>
    /// <returns>False when it is no longer where the caller saw it.</returns>
    internal bool TryAdvance(long seen, long position) => Interlocked.CompareExchange(ref _position, position, seen) == seen;
}
