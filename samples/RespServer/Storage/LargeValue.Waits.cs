using FastBuffers.Locking;

namespace FastBuffers.Samples.Resp.Storage;

// Waiting for senders.
internal sealed partial class LargeValue
{
    // What a write waits for, counted from the value's first byte; nothing while none does.
    private (int Start, int End) _wanted;

    /// <summary>
    /// Begins to wait, on behalf of a write that was refused because bytes are being sent, until they no longer are. To others it is a
    /// running edit of what it needs, except that it gives up when one of them has to wait for it.
    /// </summary>
    public WriteWait BeginWait(LockManager manager, int offset, int length, TimeSpan limit, CancellationToken stopping)
    {
        // A write beyond the end needs the header and the trailer too, or all there is to grow.
        bool isWithin = offset + length <= Length;
        _wanted = isWithin ? (offset, offset + length) : (0, int.MaxValue);
        RegionSlice part = isWithin ? Part(offset, length) : Region.Slice(0, Region.Length);
        var wait = new WriteWait(this, part, manager, limit, stopping);
        Edits.EnterWaiting(wait);
        return wait;
    }

    public void EndWait()
    {
        _wanted = default;
        Edits.LeaveWaiting();
    }

    private bool IsWanted(int start, int length) => start < _wanted.End && start + length > _wanted.Start;
}
