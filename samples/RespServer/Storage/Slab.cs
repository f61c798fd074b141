using FastBuffers.Locking;

namespace FastBuffers.Samples.Resp.Storage;

/// <summary>One rental cut into slots of one size, with a stack of the free ones. Used under the keyspace's lock.</summary>
internal sealed class Slab : IDisposable
{
    /// <summary>The size of every slab: a size class of the pool.</summary>
    public const int Bytes = 64 * 1024;

    // A rental lasts as long as its last hold. One of no bytes conflicts with nothing.
    private readonly Lease _kept;
    private readonly Stack<int> _free = new();
    private int _made;

    public Slab(Lease exclusive, int sizeClass, int slotBytes)
    {
        Region = exclusive.Region;
        _kept = Region.Slice(0, 0).Take(HoldKind.Read);
        exclusive.Dispose();
        SizeClass = sizeClass;
        SlotBytes = slotBytes;
    }

    public Region Region { get; }

    public int SizeClass { get; }

    public int SlotBytes { get; }

    /// <summary>Where the slab is in its allocator's list of slabs with room.</summary>
    public int ListIndex { get; set; }

    public bool IsFull => _free.Count == 0 && _made == Bytes / SlotBytes;

    public bool IsEmpty => _free.Count == _made;

    public int RentSlot() => _free.TryPop(out int slot) ? slot : _made++;

    public void ReturnSlot(int slot) => _free.Push(slot);

    /// <summary>Gives the memory back, once no slot is in use.</summary>
    public void Dispose() => _kept.Dispose();
}
