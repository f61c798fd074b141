using FastBuffers.Samples.Resp.Protocol;

namespace FastBuffers.Samples.Resp.Storage;

/// <summary>
/// A value below 4 KiB in a slot of a shared slab, read and written under scoped holds of just its slot: ref structs that end with their
/// block and allocate nothing. The keyspace's lock keeps others away; Exclusive has the library check that it does.
/// </summary>
internal sealed class SmallValue(Slab slab, int slot, SlabAllocator allocator, StorageCounters counters) : StoredValue
{
    public override WriteResult TryWrite(int offset, ReadOnlySpan<byte> bytes)
    {
        int newLength = Math.Max(Length, offset + bytes.Length);
        if (newLength > slab.SlotBytes || newLength >= LargeLength)
        {
            return WriteResult.NoRoom;
        }

        using ExclusiveHold hold = Part(0, newLength).HoldExclusive();
        counters.CountExclusive();
        Span<byte> content = hold.Span;
        if (offset > Length)
        {
            content[Length..offset].Clear();
        }

        bytes.CopyTo(content[offset..]);
        Length = newLength;
        return WriteResult.Written;
    }

    public override void CopyTo(Span<byte> destination)
    {
        using ReadHold hold = Part(0, destination.Length).HoldRead();
        counters.CountRead();
        hold.Span.CopyTo(destination);
    }

    public override void CopyInto(StoredValue fresh)
    {
        using ReadHold hold = Part(0, Length).HoldRead();
        counters.CountRead();
        fresh.TryWrite(0, hold.Span);
    }

    public override void Reply(ReplyWriter reply) => Reply(reply, 0, Length);

    public override void Reply(ReplyWriter reply, int start, int length)
    {
        using ReadHold hold = Part(start, length).HoldRead();
        counters.CountRead();
        reply.Bulk(hold.Span);
    }

    public override void Dispose() => allocator.Return(slab, slot);

    private RegionSlice Part(int start, int length) => slab.Region.Slice((slot * slab.SlotBytes) + start, length);
}
