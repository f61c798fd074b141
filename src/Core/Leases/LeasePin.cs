using System.Buffers;
using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>One pin: keeps the bytes held and in place until it is undone, once, whatever copy of the handle that is called on.</summary>
internal sealed unsafe class LeasePin : IPinnable
{
    private readonly HoldToken _kept;
    private GCHandle _array;

    private LeasePin(HoldToken kept, Region region)
    {
        _kept = kept;
        _array = region.PinArray();
    }

    internal static MemoryHandle Create(HoldToken token, int index)
    {
        Region region = new Lease(token).Region;
        if ((uint)index > (uint)region.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The first byte to pin is from 0 to the length, {region.Length}.");
        }

        HoldToken kept = HoldConversion.Keep(token);
        var pin = new LeasePin(kept, region);
        return new MemoryHandle(region.Address + index, default, pin);
    }

    public MemoryHandle Pin(int elementIndex) => Create(_kept, elementIndex);

    public void Unpin()
    {
        if (_kept.TryRelease() && _array.IsAllocated)
        {
            _array.Free();
        }
    }
}
