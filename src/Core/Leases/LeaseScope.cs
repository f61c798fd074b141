using System.Diagnostics.CodeAnalysis;

namespace FastBuffers;

/// <summary>
/// A block in which the bytes of a lease stay held: a Dispose of the lease elsewhere takes effect when the scope ends. For the thread
/// that opened it; <c>default</c> behaves as disposed.
/// </summary>
public readonly ref struct LeaseScope : IDisposable
{
    private readonly HoldToken _kept;

    internal LeaseScope(HoldToken kept) => _kept = kept;

    /// <summary>The bytes, for a Write or Exclusive lease.</summary>
    /// <exception cref="ObjectDisposedException">The scope has ended.</exception>
    /// <exception cref="BufferException">The lease is Read or Immutable.</exception>
    [UnscopedRef]
    public Span<byte> Span
    {
        get
        {
            new Lease(_kept).RequireWritable();
            return Region.BytesOf(_kept);
        }
    }

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">The scope has ended.</exception>
    [UnscopedRef]
    public ReadOnlySpan<byte> ReadOnlySpan => Region.BytesOf(_kept);

    /// <summary>The bytes as values of another type, in the byte order of this machine; for a Write or Exclusive lease.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <returns>As many values as the number of bytes divided by the size of <typeparamref name="T"/>.</returns>
    /// <exception cref="ObjectDisposedException">The scope has ended.</exception>
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
    /// <exception cref="ObjectDisposedException">The scope has ended.</exception>
    /// <exception cref="BufferException">
    /// The length is no multiple of the size of <typeparamref name="T"/>, or the first byte is not at a multiple of its natural alignment.
    /// </exception>
    [UnscopedRef]
    public ReadOnlySpan<T> AsReadOnly<T>()
        where T : unmanaged => TypedView<T>.Of(ReadOnlySpan);

    /// <summary>Ends the scope. A second call, of a copy too, changes nothing and is counted as a double release.</summary>
    /// <exception cref="BufferException">A double release, while <see cref="HoldDiagnostics.ThrowOnDoubleRelease"/> is set.</exception>
    public void Dispose() => _kept.TryRelease();
}
