namespace FastBuffers.Samples.Resp.Storage;

/// <summary>Which holds the server took and how its conflicts ended. For INFO and the demo's table.</summary>
internal sealed class StorageCounters
{
    private long _readHolds;
    private long _exclusiveHolds;
    private long _immutableLeases;
    private long _livePins;
    private long _writesInPlace;
    private long _conflictsCopied;
    private long _commandsWaited;
    private long _writesWaited;
    private long _versionsOutlived;

    /// <summary>Scoped Read holds: small values and ranges being copied into an output buffer.</summary>
    public long ReadHolds => Volatile.Read(ref _readHolds);

    /// <summary>Scoped Exclusive holds and Exclusive leases: writes, resizes, values being received.</summary>
    public long ExclusiveHolds => Volatile.Read(ref _exclusiveHolds);

    /// <summary>Immutable leases: values sent straight from their region.</summary>
    public long ImmutableLeases => Volatile.Read(ref _immutableLeases);

    /// <summary>Immutable leases alive now.</summary>
    public long LivePins => Volatile.Read(ref _livePins);

    /// <summary>Range edits of bytes that nobody was sending.</summary>
    public long WritesInPlace => Volatile.Read(ref _writesInPlace);

    /// <summary>Range edits that met bytes being sent and went on with a fresh copy of the value.</summary>
    public long ConflictsCopied => Volatile.Read(ref _conflictsCopied);

    /// <summary>Commands that met bytes being edited and were put off until the edit was over.</summary>
    public long CommandsWaited => Volatile.Read(ref _commandsWaited);

    /// <summary>Range edits that met bytes being sent and waited for that to end; what they did then counts besides.</summary>
    public long WritesWaited => Volatile.Read(ref _writesWaited);

    /// <summary>Values replaced or deleted while being sent or edited: the old bytes lived on until their last release.</summary>
    public long VersionsOutlived => Volatile.Read(ref _versionsOutlived);

    public void CountRead() => Interlocked.Increment(ref _readHolds);

    public void CountExclusive() => Interlocked.Increment(ref _exclusiveHolds);

    public void CountPin()
    {
        Interlocked.Increment(ref _immutableLeases);
        Interlocked.Increment(ref _livePins);
    }

    public void CountUnpin() => Interlocked.Decrement(ref _livePins);

    public void CountWriteInPlace() => Interlocked.Increment(ref _writesInPlace);

    public void CountConflictCopied() => Interlocked.Increment(ref _conflictsCopied);

    public void CountCommandWaited() => Interlocked.Increment(ref _commandsWaited);

    public void CountWriteWaited() => Interlocked.Increment(ref _writesWaited);

    public void CountVersionOutlived() => Interlocked.Increment(ref _versionsOutlived);
}
