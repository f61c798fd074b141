using FastBuffers.Locking;

namespace FastBuffers.Samples.Resp.Storage;

/// <summary>
/// A write that waits until the bytes it needs are no longer being sent: for an Exclusive lease of them, up to a limit. Begun, hurried and
/// disposed under the keyspace's lock.
/// </summary>
internal sealed class WriteWait : IDisposable
{
    private readonly LargeValue _value;
    private readonly CancellationTokenSource _hurry;
    private Lease _lease;

    /// <summary>Begins a wait.</summary>
    public WriteWait(LargeValue value, RegionSlice part, LockManager manager, TimeSpan limit, CancellationToken stopping)
    {
        _value = value;
        _hurry = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Ended = WaitAsync(part, manager, limit);
    }

    /// <summary>Completes when nobody is sending the bytes, or the wait was given up; never fails.</summary>
    public Task Ended { get; }

    /// <summary>Gives up: somebody else needs the bytes.</summary>
    public void Hurry() => _hurry.Cancel();

    /// <summary>Lets go of the bytes. Until the keyspace's lock is released nobody else gets them, so that the write finds them free.</summary>
    public void Dispose()
    {
        _lease.Dispose();
        _value.EndWait();
        _hurry.Dispose();
    }

    private async Task WaitAsync(RegionSlice part, LockManager manager, TimeSpan limit)
    {
        try
        {
            _lease = await manager.AcquireAsync(part, HoldKind.Exclusive, limit, _hurry.Token);
        }
        catch (Exception exception) when (exception
            is TimeoutException or OperationCanceledException or ObjectDisposedException or BufferException)
        {
            // The limit, somebody else, the end of this version or of the server, too many who wait: the command looks again, and copies.
        }
    }
}
