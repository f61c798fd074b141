namespace FastBuffers.Locking;

/// <summary>What a <see cref="RangeTable"/> is short of, allocated outside its lock and brought in afterwards. 0 is nothing.</summary>
internal struct RangeRoom
{
    /// <summary>The number of slots that are missing.</summary>
    internal int Slots;

    /// <summary>The number of slots that there are.</summary>
    internal int OldSlots;

    /// <summary>The number of ranges that the missing chunk must have room for.</summary>
    internal int ChunkLength;

    /// <summary>The number of chunks that there must be room for.</summary>
    internal int OrderLength;

    /// <summary>Room for all slots, with the new ones at its end.</summary>
    internal RangeSlot[]? Stack { get; private set; }

    internal RangeChunk? Chunk { get; private set; }

    internal long[]? Lowers { get; private set; }

    internal RangeChunk[]? Chunks { get; private set; }

    internal readonly bool IsNone => (Slots | ChunkLength | OrderLength) == 0;

    internal void Allocate(RangeTable table)
    {
        if (Slots != 0)
        {
            Stack = new RangeSlot[OldSlots + Slots];
            foreach (ref RangeSlot slot in Stack.AsSpan(OldSlots))
            {
                slot = new RangeSlot(table, table.Domain);
            }
        }

        Chunk = ChunkLength == 0 ? null : new RangeChunk(ChunkLength);
        Lowers = OrderLength == 0 ? null : new long[OrderLength];
        Chunks = OrderLength == 0 ? null : new RangeChunk[OrderLength];
    }
}
