using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>A rental as an owner of memory: one object, which also stands behind that memory. Made for each rental anew.</summary>
/// <remarks>
/// It needs no finalizer: a rental whose owner was dropped is found by its ticket's. A region that wraps it is the one tracker of the bytes
/// as long as it is alive: its pin keeps the rental's own region under the Exclusive hold, so that nothing is granted there.
/// </remarks>
internal sealed unsafe class RentedMemory : LeaseMemory, IMemoryOwner<byte>
{
    // Of a rental that nobody can resize, because only the memory gets out and not the lease. Null when there are no bytes, and no block.
    private readonly byte* _address;
    private readonly int _length;

    internal RentedMemory(Lease lease, int length)
        : base(lease.Token)
    {
        _address = lease.Token.Source is Ticket { IsRental: true } block ? Region.OfRental(block).RentalAddress : null;
        _length = length;
    }

    /// <summary>The bytes, as many as were asked for.</summary>
    /// <exception cref="ObjectDisposedException">The rental has ended.</exception>
    public override Memory<byte> Memory => IsAlive ? CreateMemory(_length) : base.Memory;

    private Ticket Block => Unsafe.As<Ticket>(Token.Source!);

    private bool IsAlive => _address is not null && Block.IsAlive(Token.Value);

    public override Span<byte> GetSpan() => IsAlive ? MemoryMarshal.CreateSpan(ref *_address, _length) : base.GetSpan();

    // Not the framework's, which would suppress a finalizer that there is none of.
    void IDisposable.Dispose() => End();

    protected override void Dispose(bool disposing)
    {
        End();
        base.Dispose(disposing);
    }

    private void End()
    {
        if (_address is not null)
        {
            Region.EndRental(Block, Token.Value);
        }
        else
        {
            Lease.Dispose();
        }
    }
}
