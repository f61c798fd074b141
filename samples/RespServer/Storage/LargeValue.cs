using FastBuffers.Locking;
using FastBuffers.Samples.Resp.Protocol;

namespace FastBuffers.Samples.Resp.Storage;

/// <summary>
/// A value of 4 KiB and up: one rental. It is either published, that is, its cell has an Immutable lease of all of it that whoever sends
/// the whole value shares, or edited: then the cell is empty, and every hold covers just the bytes it needs. The first write empties the
/// cell, the next sending of the whole value fills it again.
/// </summary>
/// <remarks>
/// The memory goes back to the pool at the last release, so an old version needs no list to wait on. A value that is published and
/// nothing else never asks for its region, which would be made for it: that takes a write, or a read of a short part.
/// </remarks>
internal sealed partial class LargeValue : StoredValue
{
    private readonly LeaseCell _published = new();
    private readonly ServerMemory _memory;
    private readonly StorageCounters _counters;

    // While the cell is empty: a lease of no bytes, which conflicts with nothing and keeps the rental from ending.
    private Lease _kept;
    private Region? _region;
    private int _bytes;

    // Pins and edits.
    private int _users;

    private LargeValue(Lease exclusive, int length, ServerMemory memory, StorageCounters counters)
    {
        _bytes = exclusive.Length;
        _memory = memory;
        _counters = counters;
        Length = length;
        _published.Publish(exclusive.Downgrade(HoldKind.Immutable));
    }

    /// <summary>The frame and the bytes, see <see cref="WireFrame"/>, and spare room.</summary>
    public Region Region => _region ??= FindRegion();

    public override EditGate Edits { get; } = new();

    /// <summary>How many bytes the value can have without a resize.</summary>
    public int Capacity => _bytes - WireFrame.Overhead;

    /// <summary>Whether the value is not published: it has been written to since it was set or sent as a whole.</summary>
    public bool IsEdited => !_kept.IsReleased;

    /// <summary>Whether anybody is sending the value or editing it.</summary>
    public bool IsInUse => Volatile.Read(ref _users) > 0;

    /// <summary>An empty value with room for <paramref name="capacity"/> bytes, or null when there is no memory.</summary>
    public static LargeValue? TryCreate(int capacity, ServerMemory memory, StorageCounters counters)
    {
        if (!memory.TryRent(capacity + WireFrame.Overhead, out Lease lease))
        {
            return null;
        }

        counters.CountExclusive();
        return new LargeValue(lease, 0, memory, counters);
    }

    /// <summary>A value of bytes that lie in their frame already, published with no moment in which somebody else could write.</summary>
    /// <param name="exclusive">The lease under which they came there, which is consumed.</param>
    public static LargeValue Publish(Lease exclusive, int length, ServerMemory memory, StorageCounters counters) =>
        new(exclusive, length, memory, counters);

    public override bool CanRead(int start, int length)
    {
        if (!Edits.IsBusy)
        {
            return true;
        }

        // Who waits for the bytes may get them at any moment: senders release without the keyspace's lock.
        if (IsWanted(start, length) || !Part(start, length).TryHoldRead(out ReadHold hold))
        {
            return false;
        }

        hold.Dispose();
        return true;
    }

    public override void CopyTo(Span<byte> destination)
    {
        using ReadHold hold = Part(0, destination.Length).HoldRead();
        _counters.CountRead();
        hold.Span.CopyTo(destination);
    }

    public override void CopyInto(StoredValue fresh)
    {
        using ReadHold hold = Part(0, Length).HoldRead();
        _counters.CountRead();
        fresh.TryWrite(0, hold.Span);
    }

    public override void Reply(ReplyWriter reply) => reply.Framed(PinFrame());

    public override void Reply(ReplyWriter reply, int start, int length)
    {
        if (length >= LargeLength)
        {
            reply.Bulk(Pin(TakeToSend(start, length), 0, length));
            return;
        }

        using ReadHold hold = Part(start, length).HoldRead();
        _counters.CountRead();
        reply.Bulk(hold.Span);
    }

    /// <summary>The whole value as a bulk string, held for sending.</summary>
    public PinnedBytes PinFrame()
    {
        if (!_published.TryShare(out Lease lease))
        {
            _published.Publish(Region.Take(HoldKind.Immutable));
            EndKeeping();
            lease = _published.Share();
        }

        int start = WireFrame.HeaderStart(Length);
        return Pin(lease, start, WireFrame.Start - start + Length + WireFrame.TrailerLength);
    }

    public void AddPin()
    {
        AddUser();
        _counters.CountPin();
    }

    public void Unpin()
    {
        _counters.CountUnpin();
        RemoveUser();
    }

    public override void Dispose()
    {
        _published.Dispose();
        EndKeeping();
        Edits.Hurry();
    }

    private Region FindRegion()
    {
        using Lease lease = _published.Share();
        return lease.Region;
    }

    private RegionSlice Part(int start, int length) => Region.Slice(WireFrame.Start + start, length);

    private Lease TakeToSend(int start, int length)
    {
        if (!_published.TryShare(out Lease whole))
        {
            return Part(start, length).Take(HoldKind.Immutable);
        }

        using (whole)
        {
            return whole.Share(WireFrame.Start + start, length);
        }
    }

    private PinnedBytes Pin(Lease lease, int start, int length)
    {
        AddPin();
        return new PinnedBytes(this, lease, start, length);
    }

    private void Keep() => _kept = Region.Slice(0, 0).Take(HoldKind.Read);

    private void EndKeeping()
    {
        if (IsEdited)
        {
            _kept.Dispose();
        }
    }

    private void AddUser() => Interlocked.Increment(ref _users);

    private void RemoveUser() => Interlocked.Decrement(ref _users);
}
