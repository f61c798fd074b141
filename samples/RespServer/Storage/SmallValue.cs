using FastBuffers.Samples.Resp.Protocol;

namespace FastBuffers.Samples.Resp.Storage;

/// <summary>
/// A value below 4 KiB in a slot of a shared slab, read and written under scoped holds: ref structs that end with their block and
/// allocate nothing. The keyspace's lock keeps others away; Exclusive has the library check that it does.
/// </summary>
internal sealed class SmallValue(Slab slab, int slot, SlabAllocator allocator, StorageCounters counters) : StoredValue
{
    private int Offset => slot * slab.SlotBytes;

    public override WriteResult TryWrite(int offset, ReadOnlySpan<byte> bytes)
    {
        int newLength = Math.Max(Length, offset + bytes.Length);
        if (newLength > slab.SlotBytes || newLength >= LargeLength)
        {
            return WriteResult.NoRoom;
        }

        using ExclusiveHold hold = slab.Region.HoldExclusive();
        counters.CountExclusive();
        Span<byte> content = hold.Span.Slice(Offset, newLength);
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
        using ReadHold hold = slab.Region.HoldRead();
        counters.CountRead();
        hold.Span.Slice(Offset, destination.Length).CopyTo(destination);
    }

    public override void CopyInto(StoredValue fresh)
    {
        // Through the stack: the fresh value may lie in the same slab, and its Exclusive hold would meet our own.
        Span<byte> copy = stackalloc byte[Length];
        CopyTo(copy);
        fresh.TryWrite(0, copy);
    }

    public override void Reply(ReplyWriter reply) => Reply(reply, 0, Length);

    public override void Reply(ReplyWriter reply, int start, int length)
    {
        using ReadHold hold = slab.Region.HoldRead();
        counters.CountRead();
        reply.Bulk(hold.Span.Slice(Offset + start, length));
    }

    public override void Dispose() => allocator.Return(slab, slot);
}
