namespace FastBuffers.Pipelines;

/// <summary>
/// What one writes, any number read, each at its own pace, without a copy for each: all read the same segments, and the last reader of a
/// segment gives it back. A reader gets what is flushed after it subscribed. Without readers, what is written is dropped.
/// </summary>
/// <remarks>Subscribing is thread-safe. The writer is for one thread at a time, and so is each reader.</remarks>
public sealed class RegionBroadcast
{
    private readonly BroadcastHub _hub;

    /// <summary>A broadcast.</summary>
    /// <param name="options">
    /// The pool, schedulers and least size of segments, as for <see cref="RegionPipe"/>; null for the defaults. The thresholds are each
    /// reader's own: see <see cref="BroadcastReaderOptions"/>.
    /// </param>
    public RegionBroadcast(PipeOptions? options = null)
    {
        _hub = new BroadcastHub(options ?? PipeOptions.Default);
        Writer = new BroadcastWriter(_hub);
    }

    /// <summary>The side that writes. Completing it completes all readers.</summary>
    public PipeWriter Writer { get; }

    /// <summary>A reader of what is flushed from now on. Completing it ends its subscription.</summary>
    /// <param name="options">How far it may stay behind; null for the defaults.</param>
    public RegionPipeReader Subscribe(BroadcastReaderOptions? options = null) => _hub.Subscribe(options ?? BroadcastReaderOptions.Default);
}
