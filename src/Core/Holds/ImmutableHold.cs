using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>
/// A scoped <see cref="HoldKind.Immutable"/> hold: while it lasts, nothing can change the bytes.
/// For the thread that took it and the block it is declared in; <c>default</c> behaves as disposed.
/// </summary>
public readonly ref struct ImmutableHold : IDisposable
{
    private readonly SharedScope _scope;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ImmutableHold(HoldToken token) => _scope = new SharedScope(token);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ImmutableHold(SharedScope scope) => _scope = scope;

    /// <summary>The bytes that are held, readable until the hold is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The hold, or a copy of it, has been disposed.</exception>
    [UnscopedRef]
    public ReadOnlySpan<byte> Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _scope.Bytes;
    }

    /// <summary>The bytes as values of another type, in the byte order of this machine.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <returns>As many values as the number of bytes divided by the size of <typeparamref name="T"/>.</returns>
    /// <exception cref="ObjectDisposedException">The hold, or a copy of it, has been disposed.</exception>
    /// <exception cref="BufferException">
    /// The length is no multiple of the size of <typeparamref name="T"/>, or the first byte is not at a multiple of its natural alignment.
    /// </exception>
    [UnscopedRef]
    public ReadOnlySpan<T> As<T>()
        where T : unmanaged => TypedView<T>.Of(Span);

    /// <summary>Ends the hold. A second call, of a copy too, changes nothing and is counted as a double release.</summary>
    /// <exception cref="BufferException">A double release, while <see cref="HoldDiagnostics.ThrowOnDoubleRelease"/> is set.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose() => _scope.End();
}
