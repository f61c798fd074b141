using System.Buffers;

namespace FastBuffers;

/// <summary>What stands behind the Memory of one window of an appender. Its bytes are there until the frontier moves.</summary>
internal sealed class AppendMemory(HoldToken token, Frontier frontier, long start) : MemoryManager<byte>
{
    public override Memory<byte> Memory => CreateMemory((int)(frontier.End - start));

    /// <summary>The same bytes for others: as long as the appender has them, holds on them conflict.</summary>
    /// <exception cref="ObjectDisposedException">The window has ended.</exception>
    internal RegionSlice Slice(int first, int length) => RequireAlive().Slice((int)start + first, length);

    public override Span<byte> GetSpan() => RequireAlive().Bytes[(int)start..];

    /// <summary>
    /// Keeps the lease from ending, but cannot keep it from publishing: as with a span, do not write there once the bytes are published.
    /// </summary>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        RequireAlive();
        if (elementIndex < 0 || elementIndex > frontier.End - start)
        {
            throw RegionErrors.PinOutside(elementIndex, frontier.End - start);
        }

        return LeasePin.Create(token, (int)start + elementIndex);
    }

    public override void Unpin()
    {
        // Each pin is an object of its own: see LeasePin.
    }

    protected override void Dispose(bool disposing)
    {
        // The lease owns the bytes, not the memory that was made from it.
    }

    private Region RequireAlive() =>
        token.Domain is Region region && frontier.Position == start ? region : throw RegionErrors.WindowEnded();
}
