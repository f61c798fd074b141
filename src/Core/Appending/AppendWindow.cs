namespace FastBuffers;

/// <summary>
/// The bytes of an appender that are not published yet. For the block it is used in; ask the lease for a new one after publishing.
/// <c>default</c> has none.
/// </summary>
public readonly ref struct AppendWindow
{
    private readonly HoldToken _token;
    private readonly Frontier? _frontier;

    internal AppendWindow(HoldToken token, Frontier frontier, Span<byte> span)
    {
        _token = token;
        _frontier = frontier;
        Span = span;
    }

    /// <summary>The bytes. Like any span they are not checked any more: do not write there once they are published.</summary>
    public Span<byte> Span { get; }

    /// <summary>The number of bytes.</summary>
    public int Length => Span.Length;

    /// <summary>
    /// The bytes as memory, whose span throws <see cref="ObjectDisposedException"/> once any of them is published or the lease is sealed.
    /// Allocates one object.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The window is <c>default</c>.</exception>
    public Memory<byte> Memory => _frontier is { } frontier
        ? new AppendMemory(_token, frontier, frontier.End - Span.Length).Memory
        : throw RegionErrors.WindowEnded();

    /// <summary>One of the bytes.</summary>
    /// <param name="index">Which, from 0 to <see cref="Length"/> - 1.</param>
    /// <exception cref="IndexOutOfRangeException"><paramref name="index"/> is out of range.</exception>
    public ref byte this[int index] => ref Span[index];

    /// <summary>The bytes as a span.</summary>
    /// <param name="window">The window.</param>
    public static implicit operator Span<byte>(AppendWindow window) => window.Span;

    /// <summary>The bytes as memory.</summary>
    /// <param name="window">The window.</param>
    /// <exception cref="ObjectDisposedException">The window is <c>default</c>.</exception>
    public static implicit operator Memory<byte>(AppendWindow window) => window.Memory;
}
