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
public readonly partial struct Lease : IBufferExporter, IDisposable, IEquatable<Lease>, IHoldResult<Lease>
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
    public Region Region => RequireAlive().Expose(_token);

    /// <summary>The kinds of hold that the region may be asked for.</summary>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    public HoldCapabilities Capabilities => RequireAlive().Capabilities;

    /// <summary>Whether the lease has been released or consumed.</summary>
    public bool IsReleased => _token.IsReleased;

    /// <summary>The bytes, for a Write or Exclusive lease.</summary>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="BufferException">The lease is Read or Immutable.</exception>
    [UnscopedRef]
    public Span<byte> Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Region.WritableBytesOf(_token);
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
    /// <returns>As many values as the number of bytes divided by the size of <typeparamref name="T"/>.</returns>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="BufferException">
    /// The lease is Read or Immutable; or the length is no multiple of the size of <typeparamref name="T"/>, or the first byte is not at a
    /// multiple of its natural alignment.
    /// </exception>
    [UnscopedRef]
    public Span<T> As<T>()
        where T : unmanaged => TypedView<T>.Of(Span);

    /// <summary>The bytes as values of another type, in the byte order of this machine.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <returns>As many values as the number of bytes divided by the size of <typeparamref name="T"/>.</returns>
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
    /// <exception cref="BufferException">
    /// There are too many holds (262,143), or scopes and pins of an Exclusive lease (127); or another thread is splitting or joining it.
    /// </exception>
    public LeaseScope Open() => new(HoldConversion.Keep(_token));

    /// <summary>Pins the bytes: they stay held and in place until the handle is disposed, also when the lease ends earlier.</summary>
    /// <returns>The address of the first byte, and what ends the pin.</returns>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    /// <exception cref="BufferException">
    /// There are too many holds (262,143), or scopes and pins of an Exclusive lease (127); or another thread is splitting or joining it.
    /// </exception>
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

    /// <summary>Ends the lease. A second call, of a copy too, changes nothing and is counted as a double release.</summary>
    /// <exception cref="BufferException">A double release, while <see cref="HoldDiagnostics.ThrowOnDoubleRelease"/> is set.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        object? source = _token.Source;
        if (source is Ticket ticket)
        {
            if (ticket.IsRental)
            {
                Region.EndRental(ticket, _token.Value);
            }
            else
            {
                EndTicketed(ticket, _token.Value);
            }
        }
        else if (source is Region region && region.Tracker.TryReleaseIdle(_token.Value))
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

    static Lease IHoldResult<Lease>.Of(HoldWaiter waiter) => new(waiter.Token);

    static Lease IHoldResult<Lease>.Of(HoldToken token) => new(token);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EndTicketed(Ticket ticket, long token)
    {
        if (!ticket.TryRelease(token))
        {
            DisposeSlow(new HoldToken(ticket, token));
        }
    }

    // By value, so that the lease can stay in registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DisposeSlow(HoldToken token) => token.TryRelease();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Region RequireAlive() => Unsafe.As<Region?>(_token.Domain) ?? throw HoldErrors.Released(_token.Kind);

    internal Region Locate(out HoldExtent extent) => (Region?)_token.Locate(out extent) ?? throw HoldErrors.Released(_token.Kind);

    internal void RequireWritable()
    {
        if (Kind is not (HoldKind.Write or HoldKind.Exclusive))
        {
            RequireAlive();
            throw RegionErrors.NotWritable(Kind);
        }
    }
}
