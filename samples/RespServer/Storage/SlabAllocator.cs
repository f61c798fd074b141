namespace FastBuffers.Samples.Resp.Storage;

/// <summary>
/// Slots for values below 4 KiB, so that a million small values are some thousand rentals and not a million. Used under the
/// keyspace's lock.
/// </summary>
internal sealed class SlabAllocator(ServerMemory memory)
{
    private static readonly int[] s_slotBytes = [16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096];

    // Size class by length in units of 16 bytes.
    private static readonly byte[] s_classes = BuildClasses();

    private readonly List<Slab>[] _withRoom = Array.ConvertAll(s_slotBytes, static _ => new List<Slab>());

    /// <summary>A slot for <paramref name="length"/> bytes; false when it takes a new slab and there is no memory for one.</summary>
    public bool TryRent(int length, out Slab slab, out int slot)
    {
        int sizeClass = s_classes[(length + 15) >> 4];
        List<Slab> withRoom = _withRoom[sizeClass];
        if (withRoom.Count == 0 && !TryAddSlab(sizeClass))
        {
            (slab, slot) = (null!, 0);
            return false;
        }

        slab = withRoom[^1];
        slot = slab.RentSlot();
        if (slab.IsFull)
        {
            withRoom.RemoveAt(withRoom.Count - 1);
        }

        return true;
    }

    public void Return(Slab slab, int slot)
    {
        List<Slab> withRoom = _withRoom[slab.SizeClass];
        if (slab.IsFull)
        {
            slab.ListIndex = withRoom.Count;
            withRoom.Add(slab);
        }

        slab.ReturnSlot(slot);
        if (slab.IsEmpty)
        {
            Free(slab);
        }
    }

    private bool TryAddSlab(int sizeClass)
    {
        if (!memory.TryRent(Slab.Bytes, out Lease lease))
        {
            return false;
        }

        _withRoom[sizeClass].Add(new Slab(lease, sizeClass, s_slotBytes[sizeClass]));
        return true;
    }

    private void Free(Slab slab)
    {
        List<Slab> withRoom = _withRoom[slab.SizeClass];
        Slab last = withRoom[^1];
        withRoom[slab.ListIndex] = last;
        last.ListIndex = slab.ListIndex;
        withRoom.RemoveAt(withRoom.Count - 1);
        slab.Dispose();
    }

    private static byte[] BuildClasses()
    {
        byte[] classes = new byte[(s_slotBytes[^1] >> 4) + 1];
        for (int i = 1, sizeClass = 0; i < classes.Length; i++)
        {
            if (i << 4 > s_slotBytes[sizeClass])
            {
                sizeClass++;
            }

            classes[i] = (byte)sizeClass;
        }

        return classes;
    }
}
