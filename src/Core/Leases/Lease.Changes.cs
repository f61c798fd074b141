namespace FastBuffers;

// Further leases made from one, and what consumes a lease to change it.
public readonly partial struct Lease
{
    /// <summary>Makes a further lease of the same kind and bytes, which this one covers: never refused for a conflict.</summary>
    /// <returns>A lease of its own, which may outlive this one.</returns>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="BufferException">The lease is Exclusive, or there are too many holds.</exception>
    public Lease Share() => new(_token.Share());

    /// <summary>Makes a further lease of a part of the bytes, which this one covers: never refused for a conflict.</summary>
    /// <param name="start">The first byte, counted from this lease's first.</param>
    /// <param name="length">The number of bytes, 0 or more.</param>
    /// <param name="kind">This lease's kind or a weaker one; None stands for this lease's.</param>
    /// <returns>A lease of its own, which may outlive this one: then only its own part stays held.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The part reaches outside this lease, or the kind is not weaker.</exception>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="BufferException">The lease is Exclusive, or there are too many holds.</exception>
    public Lease Share(int start, int length, HoldKind kind = HoldKind.None) => new(_token.Share(start, length, kind));

    /// <summary>Makes one Exclusive lease two, over adjacent parts. This lease is consumed.</summary>
    /// <param name="at">Where the second part begins, counted from this lease's first byte: from 0 to its length.</param>
    /// <returns>The leases of the two parts; a part of no bytes is a hold too.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="at"/> is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="BufferException">The lease is not Exclusive, or there are too many holds.</exception>
    /// <exception cref="BufferConflictException">A scope or pin of the lease is open.</exception>
    public (Lease Left, Lease Right) Split(int at)
    {
        (HoldToken left, HoldToken right) = _token.Split(at);
        return (new Lease(left), new Lease(right));
    }

    /// <summary>Makes two Exclusive leases over adjacent parts one. On success both are consumed, else they are as before.</summary>
    /// <param name="left">The lease of the first part.</param>
    /// <param name="right">The lease of the part that begins where the first ends.</param>
    /// <param name="joined">The lease of both; <c>default</c> when the answer is false.</param>
    /// <returns>
    /// False when they are not adjacent parts of the same region in this order, or a scope or pin of one is open.
    /// </returns>
    /// <exception cref="ObjectDisposedException">One of the leases has been released.</exception>
    /// <exception cref="BufferException">One of the leases is not Exclusive.</exception>
    public static bool TryJoin(Lease left, Lease right, out Lease joined)
    {
        bool done = HoldToken.TryJoin(left._token, right._token, out HoldToken token);
        joined = new Lease(token);
        return done;
    }

    /// <summary>
    /// Takes a further lease on the same bytes, now or not at all. Of the same kind or a weaker one, unless this lease is Exclusive, it
    /// is a share: never refused for a conflict. Any other is taken beside this lease and may conflict with it.
    /// </summary>
    /// <param name="kind">One of the four kinds.</param>
    /// <param name="lease">A lease of its own, which may outlive this one; <c>default</c> when the answer is false.</param>
    /// <returns>False when a conflicting hold is active, or what is wanted is reserved for one who waits.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not one of the four kinds.</exception>
    /// <exception cref="ObjectDisposedException">
    /// The lease has been released; or the new one would not be a share, and the region has been disposed.
    /// </exception>
    /// <exception cref="BufferException">The kind is not supported here, or there are too many holds (262,143).</exception>
    public bool TryTake(HoldKind kind, out Lease lease) => ExportedPart.TryTake(this, kind, out lease);

    /// <summary>Makes the lease a weaker one, with no gap in which another hold could slip in. This lease is consumed.</summary>
    /// <param name="kind">From Exclusive: Write, Immutable or Read. From Write or Immutable: Read.</param>
    /// <returns>The weaker lease.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not weaker than this lease's.</exception>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="BufferConflictException">A scope or pin of this Exclusive lease is open.</exception>
    public Lease Downgrade(HoldKind kind) => new(_token.Downgrade(kind));

    /// <summary>
    /// Makes the lease a stronger one (or turns Write into Immutable or back) in one step, if that conflicts with nobody else. On
    /// success this lease is consumed, else it is as before. It never waits.
    /// </summary>
    /// <param name="kind">From Read: Write, Immutable or Exclusive. From Write or Immutable: each other, or Exclusive.</param>
    /// <param name="upgraded">The stronger lease; <c>default</c> when the answer is false.</param>
    /// <returns>False when another hold conflicts with the requested kind, or what is wanted is reserved for one who waits.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not an upgrade of this lease's.</exception>
    /// <exception cref="ObjectDisposedException">The lease has been released, or the region disposed.</exception>
    /// <exception cref="BufferException">The kind is not supported.</exception>
    public bool TryUpgrade(HoldKind kind, out Lease upgraded)
    {
        bool done = _token.TryUpgrade(kind, out HoldToken token);
        upgraded = new Lease(token);
        return done;
    }

    /// <summary>
    /// Makes the bytes immutable for the rest of the region's life: only Read and Immutable are supported from here on. This
    /// Exclusive lease is consumed.
    /// </summary>
    /// <returns>An Immutable lease.</returns>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="BufferException">The lease is not Exclusive, or not of the whole region.</exception>
    /// <exception cref="BufferConflictException">A scope or pin of the lease is open.</exception>
    public Lease Freeze()
    {
        RequireWhole(nameof(Freeze));
        return new Lease(HoldConversion.Downgrade(_token, HoldKind.Immutable, HoldChange.Freeze));
    }

    /// <summary>
    /// Changes the region's length through the only hold on it, keeping the contents up to the smaller length; growth is zeroed. This
    /// lease is consumed, unless the resize fails: then everything is as before.
    /// </summary>
    /// <param name="newLength">The new number of bytes, from 0 to <see cref="Array.MaxLength"/>.</param>
    /// <returns>An Exclusive lease of the resized region.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="newLength"/> is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The lease has been released, or the region disposed.</exception>
    /// <exception cref="BufferException">
    /// The lease is not Exclusive, or not of the whole region, or the memory is not the region's own.
    /// </exception>
    /// <exception cref="BufferConflictException">Another hold, a scope or a pin is active.</exception>
    /// <exception cref="OutOfMemoryException">There is no memory of that size.</exception>
    public Lease Resize(int newLength)
    {
        RegionErrors.CheckLength(newLength);
        return new Lease(RequireWhole(nameof(Resize)).Resize(newLength, _token));
    }

    private Region RequireWhole(string operation)
    {
        Region region = Locate(out HoldExtent extent);
        return Kind == HoldKind.Exclusive && extent.IsWhole ? region : throw RegionErrors.NotExclusive(operation, this);
    }
}
