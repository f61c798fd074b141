using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>
/// A scoped <see cref="HoldKind.Exclusive"/> hold: while it lasts, nobody else can read or write the bytes.
/// For the thread that took it and the block it is declared in; <c>default</c> behaves as disposed.
/// </summary>
public readonly ref struct ExclusiveHold : IDisposable
{
    // A region, whose word as taking left it is the hold's identity; a slot of the range table; or a ticket. The slow paths are static and
    // take the fields by value, so that the compiler keeps the hold in registers.
    private readonly object? _source;
    private readonly long _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ExclusiveHold(HoldToken token)
    {
        _source = token.Source;
        _value = token.Value;
    }

    /// <summary>The bytes that are held, readable and writable until the hold is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The hold, or a copy of it, has been disposed.</exception>
    [UnscopedRef]
    public Span<byte> Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _source is Region region && region.Tracker.IsExclusive(_value) ? region.Bytes : BytesSlow(_source, _value);
    }

    /// <summary>The bytes as values of another type, in the byte order of this machine.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <returns>As many values as the number of bytes divided by the size of <typeparamref name="T"/>.</returns>
    /// <exception cref="ObjectDisposedException">The hold, or a copy of it, has been disposed.</exception>
    /// <exception cref="BufferException">
    /// The length is no multiple of the size of <typeparamref name="T"/>, or the first byte is not at a multiple of its natural alignment.
    /// </exception>
    [UnscopedRef]
    public Span<T> As<T>()
        where T : unmanaged => TypedView<T>.Of(Span);

    /// <summary>Ends the hold. A second call, of a copy too, changes nothing and is counted as a double release.</summary>
    /// <exception cref="BufferException">A double release, while <see cref="HoldDiagnostics.ThrowOnDoubleRelease"/> is set.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        if (_source is Region region && region.Tracker.TryReleaseScopedExclusive(_value))
        {
            region.AfterRelease();
        }
        else
        {
            EndSlow(_source, _value);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EndSlow(object? source, long value)
    {
        if (source is RangeSlot slot)
        {
            SharedScope.EndPart(slot, value);
        }
        else
        {
            EndOther(source, value);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EndOther(object? source, long value)
    {
        if (source is Ticket)
        {
            new HoldToken(source, value).TryRelease();
        }
        else if (source is not null)
        {
            HoldDiagnostics.ReportDoubleRelease(HoldKind.Exclusive);
        }
    }

    // Of the whole region and without a ticket, the word was the hold's only witness.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Span<byte> BytesSlow(object? source, long value) =>
        source is RangeSlot slot ? Region.BytesOf(slot, value)
            : source is Region ? throw HoldErrors.Released(HoldKind.Exclusive)
            : Region.BytesOf(new HoldToken(source, value));
}
