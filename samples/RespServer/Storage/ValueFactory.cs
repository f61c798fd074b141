namespace FastBuffers.Samples.Resp.Storage;

/// <summary>Makes values, small or large, within the server's memory. Used under the keyspace's lock.</summary>
internal sealed class ValueFactory(ServerMemory memory, StorageCounters counters)
{
    /// <summary>The longest value, in bytes; what Redis calls proto-max-bulk-len.</summary>
    public const int MaxLength = 512 * 1024 * 1024;

    private readonly SlabAllocator _slabs = new(memory);

    /// <summary>A capacity that makes room for about as much again.</summary>
    public static int WithSpare(int length) => (int)Math.Min(2L * length, MaxLength);

    /// <summary>A value with these bytes, or null when there is no memory.</summary>
    public StoredValue? TryCreate(ReadOnlySpan<byte> bytes)
    {
        StoredValue? value = TryCreateEmpty(bytes.Length, bytes.Length);
        value?.TryWrite(0, bytes);
        return value;
    }

    /// <summary>An empty value for a content of <paramref name="length"/> bytes, with spare capacity if there is memory for it.</summary>
    public StoredValue? TryCreateEmpty(int length, int capacity)
    {
        if (length >= StoredValue.LargeLength)
        {
            return LargeValue.TryCreate(capacity, memory, counters)
                ?? (capacity > length ? LargeValue.TryCreate(length, memory, counters) : null);
        }

        return _slabs.TryRent(length, out Slab slab, out int slot) ? new SmallValue(slab, slot, _slabs, counters) : null;
    }
}
