namespace FastBuffers;

// Parts of a region, and appending to it.
public sealed unsafe partial class Region
{
    /// <summary>A view of a part of the region. It is not a hold: take holds through it.</summary>
    /// <param name="start">The first byte.</param>
    /// <param name="length">The number of bytes, 0 or more.</param>
    /// <returns>The slice; it is dead once the region has been resized.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The part reaches outside the region.</exception>
    public RegionSlice Slice(int start, int length)
    {
        // The number first: if a resize comes between, the slice is dead, and not one of the new length with the bounds of the old.
        int size = Size;
        HoldErrors.CheckRange(start, length, Length);
        return new RegionSlice(this, start, length, size);
    }

    /// <summary>
    /// Lets one appender fill the region from its first byte on, while what it has published may be held Read or Immutable by others.
    /// Now or not at all.
    /// </summary>
    /// <param name="appender">The appender's lease; <c>default</c> when the answer is false.</param>
    /// <returns>False when any byte of the region is held.</returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">Exclusive is not supported here, or there are too many holds (262,143).</exception>
    public bool TryAppend(out AppendLease appender)
    {
        HoldToken token = TakeAppender(out Frontier frontier);
        appender = token.IsDefault ? default : new AppendLease(token, frontier);
        return !token.IsDefault;
    }
}
