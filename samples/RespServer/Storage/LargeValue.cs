using FastBuffers.Locking;
using FastBuffers.Samples.Resp.Protocol;

namespace FastBuffers.Samples.Resp.Storage;

/// <summary>
/// A value of 4 KiB and up: one region. It is either published, that is, its cell has an Immutable lease of all of it that whoever sends
/// the whole value shares, or edited: then the cell is empty, and every hold covers just the bytes it needs. The first write empties the
/// cell, the next sending of the whole value fills it again.
/// </summary>
/// <remarks>
/// Disposing the region refuses new holds and frees at the last release, so an old version needs no list to wait on.
/// </remarks>
internal sealed partial class LargeValue : StoredValue
{
    private readonly LeaseCell _published = new();
    private readonly MemoryBudget _budget;
    private readonly StorageCounters _counters;

    // The owner, every pin and every edit. The region frees itself at its last release; this says when that was, for the budget.
    private int _users = 1;
    private int _bytes;

    private LargeValue(Region region, MemoryBudget budget, StorageCounters counters)
    {
        Region = region;
        _bytes = region.Length;
        _budget = budget;
        _counters = counters;
    }

    /// <summary>The frame and the bytes, see <see cref="WireFrame"/>, and spare room.</summary>
    public Region Region { get; }

    public override EditGate Edits { get; } = new();

    /// <summary>How many bytes the value can have without a resize.</summary>
    public int Capacity => _bytes - WireFrame.Overhead;

    /// <summary>Whether anybody is sending the value or editing it.</summary>
    public bool IsInUse => Volatile.Read(ref _users) > 1;

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
        return Region.Take(HoldKind.Exclusive);
    }

    /// <summary>Gives the value room for <paramref name="capacity"/> bytes. When the budget refuses, nothing has changed.</summary>
    /// <param name="exclusive">The only hold on the value; replaced by the lease over the resized region.</param>
    public bool TryGrow(ref Lease exclusive, int capacity)
    {
        bool grown = _budget.TryGrow(ref exclusive, capacity + WireFrame.Overhead);
        _bytes = exclusive.Length;
        return grown;
    }

    /// <summary>Ends the filling: sets the length and completes the frame around the bytes.</summary>
    public void Seal(Span<byte> region, int length)
    {
        WireFrame.Write(region[..WireFrame.Start], region.Slice(WireFrame.Start + length, WireFrame.TrailerLength), length);
        Length = length;
    }

    /// <summary>Makes what was filled readable, with no moment in which somebody else could write.</summary>
    /// <param name="exclusive">The lease from <see cref="TakeForFilling"/>, which is consumed.</param>
    public void Publish(Lease exclusive) => _published.Publish(exclusive.Downgrade(HoldKind.Immutable));

    public override bool CanRead(int start, int length)
    {
        if (!Edits.IsBusy)
        {
            return true;
        }

        if (!Part(start, length).TryHoldRead(out ReadHold hold))
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
            reply.Bulk(Pin(Part(start, length).Take(HoldKind.Immutable), 0, length));
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
        Region.Dispose();
        RemoveUser();
    }

    private RegionSlice Part(int start, int length) => Region.Slice(WireFrame.Start + start, length);

    private PinnedBytes Pin(Lease lease, int start, int length)
    {
        AddPin();
        return new PinnedBytes(this, lease, start, length);
    }

    private void AddUser() => Interlocked.Increment(ref _users);

    private void RemoveUser()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _budget.ReleaseRegion(_bytes);
        }
    }
}
