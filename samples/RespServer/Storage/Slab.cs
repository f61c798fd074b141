namespace FastBuffers.Samples.Resp.Storage;

/// <summary>One region cut into slots of one size, with a stack of the free ones. Used under the keyspace's lock.</summary>
internal sealed class Slab
{
    /// <summary>The size of every slab's region.</summary>
    public const int Bytes = 64 * 1024;

    private readonly ushort[] _free;
    private int _freeCount;

    public Slab(Region region, int sizeClass, int slotBytes)
    {
        Region = region;
        SizeClass = sizeClass;
        SlotBytes = slotBytes;
        _free = new ushort[Bytes / slotBytes];
        _freeCount = _free.Length;
        for (int i = 0; i < _free.Length; i++)
        {
            _free[i] = (ushort)(_free.Length - 1 - i);
        }
    }

    public Region Region { get; }

    public int SizeClass { get; }

    public int SlotBytes { get; }

    /// <summary>Where the slab is in its allocator's list of slabs with room.</summary>
    public int ListIndex { get; set; }

    public bool IsFull => _freeCount == 0;

    public bool IsEmpty => _freeCount == _free.Length;

    public int RentSlot() => _free[--_freeCount];

    public void ReturnSlot(int slot) => _free[_freeCount++] = (ushort)slot;
}
