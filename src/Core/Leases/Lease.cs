using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>
/// A hold that travels: across threads and awaits, in fields and queues. Copies are the same lease: whichever is disposed first ends
/// it, and the others change nothing. <c>default</c> behaves as released. Thread-safe; taking and disposing allocate nothing in steady
/// state.
/// </summary>
/// <remarks>
/// A span cannot be checked once it is out: do not use one while the lease may be disposed elsewhere, or work inside <see cref="Open"/>.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct Lease : IBufferExporter, IDisposable, IEquatable<Lease>
{
    private readonly HoldToken _token;

    internal Lease(HoldToken token) => _token = token;

    /// <summary>The kind of the hold, also after its release; None for <c>default</c>.</summary>
    public HoldKind Kind => _token.Kind;

    /// <summary>The first byte of the lease's range in the region: 0, for a lease of the whole region.</summary>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    public int Start
    {
        get
        {
            Locate(out HoldExtent extent);
            return (int)extent.Start;
        }
    }

    /// <summary>The number of bytes.</summary>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    public int Length
    {
        get
        {
            Region region = Locate(out HoldExtent extent);
            return extent.IsWhole ? region.Length : (int)extent.Length;
        }
    }

    /// <summary>The region whose bytes are held.</summary>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    public Region Region => Alive();

    /// <summary>The kinds of hold that the region may be asked for.</summary>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    public HoldCapabilities Capabilities => Alive().Capabilities;

    /// <summary>Whether the lease has been released or consumed.</summary>
    public bool IsReleased => _token.IsReleased;

    /// <summary>The bytes, for a Write or Exclusive lease.</summary>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="BufferException">The lease is Read or Immutable.</exception>
    [UnscopedRef]
    public Span<byte> Span
    {
        get
        {
            RequireWritable();
            return Region.BytesOf(_token);
        }
    }

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    [UnscopedRef]
    public ReadOnlySpan<byte> ReadOnlySpan
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Region.BytesOf(_token);
    }

    /// <summary>The bytes as values of another type, in the byte order of this machine; for a Write or Exclusive lease.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <returns>As many values as fit, which is exactly.</returns>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="BufferException">
    /// The lease is Read or Immutable. The length is no multiple of the size of <typeparamref name="T"/>, or the first byte is not at a multiple of its natural alignment.
    /// </exception>
    [UnscopedRef]
    public Span<T> As<T>()
        where T : unmanaged => TypedView<T>.Of(Span);

    /// <summary>The bytes as values of another type, in the byte order of this machine.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <returns>As many values as fit, which is exactly.</returns>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="BufferException">
    /// The length is no multiple of the size of <typeparamref name="T"/>, or the first byte is not at a multiple of its natural alignment.
    /// </exception>
    [UnscopedRef]
    public ReadOnlySpan<T> AsReadOnly<T>()
        where T : unmanaged => TypedView<T>.Of(ReadOnlySpan);

    /// <summary>
    /// The bytes as memory that throws <see cref="ObjectDisposedException"/> once the lease has been released. One object per lease,
    /// made on first demand. For a Write or Exclusive lease.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="BufferException">The lease is Read or Immutable.</exception>
    public Memory<byte> Memory
    {
        get
        {
            RequireWritable();
            return LeaseMemory.Of(_token).Memory;
        }
    }

    /// <summary>The same as <see cref="Memory"/>, read-only, for every kind.</summary>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    public ReadOnlyMemory<byte> ReadOnlyMemory => LeaseMemory.Of(_token).Memory;

    /// <summary>A scope in which the bytes stay held, whatever happens to the lease elsewhere meanwhile.</summary>
    /// <returns>The scope, to be disposed in the same block; a Dispose of the lease elsewhere takes effect when it ends.</returns>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="BufferException">There are too many holds (262,143), or scopes and pins of an Exclusive lease (127).</exception>
    public LeaseScope Open() => new(HoldConversion.Keep(_token));

    /// <summary>Pins the bytes: they stay held and in place until the handle is disposed, also when the lease ends earlier.</summary>
    /// <returns>The address of the first byte, and what ends the pin.</returns>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="BufferException">There are too many holds (262,143), or scopes and pins of an Exclusive lease (127).</exception>
    public MemoryHandle Pin() => LeasePin.Create(_token, 0);

    /// <summary>Copies the bytes, which stay held meanwhile.</summary>
    /// <param name="destination">Room for <see cref="Length"/> bytes or more.</param>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="BufferException">As for <see cref="Open"/>.</exception>
    public void CopyTo(Span<byte> destination)
    {
        using LeaseScope scope = Open();
        scope.ReadOnlySpan.CopyTo(destination);
    }

    /// <summary>Copies the bytes, which stay held meanwhile, into a new array.</summary>
    /// <returns>An array of <see cref="Length"/> bytes.</returns>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="BufferException">As for <see cref="Open"/>.</exception>
    public byte[] ToArray()
    {
        using LeaseScope scope = Open();
        return scope.ReadOnlySpan.ToArray();
    }

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
    /// <returns>False when a conflicting hold is active.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not one of the four kinds.</exception>
    /// <exception cref="ObjectDisposedException">The lease has been released; or it is no share, and the region has been disposed.</exception>
    /// <exception cref="BufferException">The kind is not supported here, or there are too many holds (262,143).</exception>
    public bool TryTake(HoldKind kind, out Lease lease) => Part.TryTake(this, kind, out lease);

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
    /// <returns>False when another hold conflicts with the requested kind.</returns>
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

    /// <summary>Ends the lease. A second call, of a copy too, changes nothing and is counted as a double release.</summary>
    /// <exception cref="BufferException">A double release, while <see cref="HoldDiagnostics.ThrowOnDoubleRelease"/> is set.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        if (_token.Source is Region region && region.Tracker.TryReleaseIdle(_token.Value))
        {
            region.AfterRelease();
        }
        else
        {
            DisposeSlow(_token);
        }
    }

    /// <inheritdoc/>
    public bool Equals(Lease other) => _token == other._token;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Lease other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _token.GetHashCode();

    /// <summary>Whether two leases are copies of each other.</summary>
    public static bool operator ==(Lease left, Lease right) => left.Equals(right);

    /// <summary>Whether two leases are not copies of each other.</summary>
    public static bool operator !=(Lease left, Lease right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => _token.Locate(out HoldExtent extent) is not Region region
        ? _token.IsDefault ? "no lease" : $"{Kind} lease, released"
        : extent.IsWhole ? $"{Kind} lease of {region.Length} bytes"
        : $"{Kind} lease of [{extent.Start}, {extent.Start + extent.Length}) of {region.Length} bytes";

    internal HoldToken Token => _token;

    // By value, so that the lease can stay in registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DisposeSlow(HoldToken token) => token.TryRelease();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Region Alive() => Unsafe.As<Region?>(_token.Domain) ?? throw HoldErrors.Released(_token.Kind);

    internal Region Locate(out HoldExtent extent) => (Region?)_token.Locate(out extent) ?? throw HoldErrors.Released(_token.Kind);

    internal void RequireWritable()
    {
        if (Kind is not (HoldKind.Write or HoldKind.Exclusive))
        {
            Alive();
            throw RegionErrors.NotWritable(Kind);
        }
    }

    private Region RequireWhole(string operation)
    {
        Region region = Locate(out HoldExtent extent);
        return Kind == HoldKind.Exclusive && extent.IsWhole ? region : throw RegionErrors.NotExclusive(operation, this);
    }
}
