using FastBuffers.Locking;
using FastBuffers.Samples.Resp.Protocol;

namespace FastBuffers.Samples.Resp.Storage;

/// <summary>
/// A value of 4 KiB and up: one region. Readers send from it under Immutable leases, writers need Exclusive and are refused while
/// anybody is sending. Disposing the region refuses new holds and frees at the last release, so an old version needs no list to wait on.
/// </summary>
internal sealed class LargeValue : StoredValue
{
    private readonly Region _region;
    private readonly MemoryBudget _budget;
    private readonly StorageCounters _counters;

    // The owner and every pin. The region frees itself at its last release; this says when that was, for the budget.
    private int _users = 1;
    private int _bytes;

    private LargeValue(Region region, MemoryBudget budget, StorageCounters counters)
    {
        _region = region;
        _bytes = region.Length;
        _budget = budget;
        _counters = counters;
    }

    /// <summary>How many bytes the value can have without a resize.</summary>
    public int Capacity => _bytes - WireFrame.Overhead;

    /// <summary>Whether anybody holds the value for sending.</summary>
    public bool IsBeingSent => Volatile.Read(ref _users) > 1;

    /// <summary>An empty value with room for <paramref name="capacity"/> bytes, or null when the budget has none.</summary>
    public static LargeValue? TryCreate(int capacity, MemoryBudget budget, StorageCounters counters)
    {
        Region? region = budget.TryAllocate(capacity + WireFrame.Overhead);
        return region is null ? null : new LargeValue(region, budget, counters);
    }

    /// <summary>The Exclusive lease under which a value that nobody else knows yet is filled.</summary>
    public Lease TakeForFilling()
    {
        _counters.CountExclusive();
        return _region.Take(HoldKind.Exclusive);
    }

    /// <summary>Gives the value room for <paramref name="capacity"/> bytes. When the budget refuses, nothing has changed.</summary>
    /// <param name="exclusive">The only hold on the value; replaced by the lease over the resized region.</param>
    public bool TryGrow(ref Lease exclusive, int capacity)
    {
        bool grown = _budget.TryGrow(ref exclusive, capacity + WireFrame.Overhead);
        _bytes = exclusive.Length;
        return grown;
    }

    /// <summary>Sets the length and completes the frame around the bytes, under the caller's Exclusive hold.</summary>
    public void Seal(Span<byte> region, int length)
    {
        WireFrame.Write(region, length);
        Length = length;
    }

    public override WriteResult TryWrite(int offset, ReadOnlySpan<byte> bytes)
    {
        int newLength = Math.Max(Length, offset + bytes.Length);
        if (newLength > Capacity)
        {
            return TryGrowAndWrite(offset, bytes, newLength);
        }

        // No waiting for a slow client: when somebody is sending these bytes, the caller goes on with a copy.
        if (!_region.TryHoldExclusive(out ExclusiveHold hold))
        {
            return WriteResult.BeingSent;
        }

        using (hold)
        {
            _counters.CountExclusive();
            Write(hold.Span, offset, bytes, newLength);
        }

        return WriteResult.Written;
    }

    public override void CopyTo(Span<byte> destination)
    {
        using ReadHold hold = _region.HoldRead();
        _counters.CountRead();
        hold.Span.Slice(WireFrame.Start, destination.Length).CopyTo(destination);
    }

    public override void CopyInto(StoredValue fresh)
    {
        using ReadHold hold = _region.HoldRead();
        _counters.CountRead();
        fresh.TryWrite(0, hold.Span.Slice(WireFrame.Start, Length));
    }

    public override void Reply(ReplyWriter reply) => reply.Framed(PinFrame());

    public override void Reply(ReplyWriter reply, int start, int length)
    {
        if (length >= LargeLength)
        {
            reply.Bulk(Pin(WireFrame.Start + start, length));
            return;
        }

        using ReadHold hold = _region.HoldRead();
        _counters.CountRead();
        reply.Bulk(hold.Span.Slice(WireFrame.Start + start, length));
    }

    /// <summary>The whole value as a bulk string, held for sending.</summary>
    public PinnedBytes PinFrame()
    {
        int start = WireFrame.HeaderStart(Length);
        return Pin(start, WireFrame.Start - start + Length + 2);
    }

    public void AddUser()
    {
        Interlocked.Increment(ref _users);
        _counters.CountPin();
    }

    public void Unpin()
    {
        _counters.CountUnpin();
        RemoveUser();
    }

    public override void Dispose()
    {
        _region.Dispose();
        RemoveUser();
    }

    private PinnedBytes Pin(int start, int length)
    {
        Lease lease = _region.Take(HoldKind.Immutable);
        AddUser();
        return new PinnedBytes(this, lease, start, length);
    }

    private void RemoveUser()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _budget.ReleaseRegion(_bytes);
        }
    }

    private WriteResult TryGrowAndWrite(int offset, ReadOnlySpan<byte> bytes, int newLength)
    {
        if (!_region.TryTake(HoldKind.Exclusive, out Lease lease))
        {
            return WriteResult.BeingSent;
        }

        _counters.CountExclusive();
        try
        {
            // Twice what is needed, so that n appends copy O(n) bytes; exactly what is needed when memory is short.
            if (!TryGrow(ref lease, ValueFactory.WithSpare(newLength)) && !TryGrow(ref lease, newLength))
            {
                return WriteResult.OutOfMemory;
            }

            Write(lease.Span, offset, bytes, newLength);
            return WriteResult.Written;
        }
        finally
        {
            lease.Dispose();
        }
    }

    private void Write(Span<byte> region, int offset, ReadOnlySpan<byte> bytes, int newLength)
    {
        Span<byte> content = region.Slice(WireFrame.Start, newLength);
        if (offset > Length)
        {
            content[Length..offset].Clear();
        }

        bytes.CopyTo(content[offset..]);
        Seal(region, newLength);
    }
}
