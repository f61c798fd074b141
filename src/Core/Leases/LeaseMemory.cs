using System.Buffers;

namespace FastBuffers;

/// <summary>
/// What stands behind the Memory of one lease. Made on first demand and never used for another hold, so that a stale Memory throws
/// whatever has become of its bytes. Except for <see cref="RentedMemory"/>, the lease owns the bytes, and Dispose does nothing.
/// </summary>
internal class LeaseMemory : MemoryManager<byte>
{
    private protected LeaseMemory(HoldToken token) => Token = token;

    public override Memory<byte> Memory => CreateMemory(new Lease(Token).Length);

    /// <summary>The lease that the memory was made from.</summary>
    internal Lease Lease => new(Token);

    private protected HoldToken Token { get; }

    /// <summary>The one of a live hold.</summary>
    /// <exception cref="ObjectDisposedException">The hold has ended.</exception>
    internal static LeaseMemory Of(HoldToken token)
    {
        Region region = new Lease(token).RequireAlive();
        ref object? place = ref token.Ticket is { } ticket ? ref ticket.Companion : ref region.EmbeddedMemory;
        object? seen = Volatile.Read(ref place);
        while (true)
        {
            if (seen is LeaseMemory memory && memory.Token == token)
            {
                return memory;
            }

            if (seen is not (null or LeaseMemory))
            {
                // The hold ended just now, and its ticket went to an appender, whose frontier this is.
                throw HoldErrors.Released(token.Kind);
            }

            var mine = new LeaseMemory(token);
            object? found = Interlocked.CompareExchange(ref place, mine, seen);
            if (ReferenceEquals(found, seen))
            {
                return mine;
            }

            seen = found;
        }
    }

    public override Span<byte> GetSpan() => Region.BytesOf(Token);

    public override MemoryHandle Pin(int elementIndex = 0) => LeasePin.Create(Token, elementIndex);

    public override void Unpin()
    {
        // Each pin is an object of its own: see LeasePin.
    }

    // Whoever has the array is not checked any more: see PoolBacking.PinnedHeap.
    protected override bool TryGetArray(out ArraySegment<byte> segment)
    {
        Region region = new Lease(Token).Locate(out HoldExtent extent);
        if (region.LetArrayOut(Token) is not { } array)
        {
            segment = default;
            return false;
        }

        segment = new ArraySegment<byte>(array, (int)extent.Start, extent.IsWhole ? region.Length : (int)extent.Length);
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        // The lease owns the bytes.
    }
}
