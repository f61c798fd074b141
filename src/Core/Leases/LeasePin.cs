using System.Buffers;
using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>One pin: keeps the bytes held and in place until it is undone, once, whatever copy of the handle that is called on.</summary>
internal sealed unsafe class LeasePin : IPinnable
{
    private readonly HoldToken _kept;
    private GCHandle _managed;

    private LeasePin(HoldToken kept) => _kept = kept;

    /// <summary>A pin that was lost: its hold is found by the ticket's finalizer; the array or string must not stay for ever.</summary>
    ~LeasePin()
    {
        if (_managed.IsAllocated)
        {
            _managed.Free();
        }
    }

    internal static MemoryHandle Create(HoldToken token, int elementIndex)
    {
        Lease lease = new(token);
        int length = lease.Length;
        if ((uint)elementIndex > (uint)length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(elementIndex), elementIndex, $"The first byte to pin is from 0 to the length, {length}.");
        }

        var pin = new LeasePin(HoldConversion.Keep(token));
        try
        {
            Region region = new Lease(pin._kept).Locate(out HoldExtent extent);
            pin._managed = region.PinManaged();
            return new MemoryHandle(region.Address + extent.Start + elementIndex, default, pin);
        }
        catch
        {
            pin.Unpin();
            throw;
        }
    }

    public MemoryHandle Pin(int elementIndex) => Create(_kept, elementIndex);

    public void Unpin()
    {
        if (!_kept.TryRelease())
        {
            return;
        }

        GC.SuppressFinalize(this);
        if (_managed.IsAllocated)
        {
            _managed.Free();
        }
    }
}
