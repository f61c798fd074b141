namespace FastBuffers.Pipelines;

/// <summary>What a broadcast does when a reader has more to read than it may.</summary>
public enum SlowReaderPolicy
{
    /// <summary>Flushes wait until it has read half of that. What was examined counts as read, as for a pipe.</summary>
    Wait,

    /// <summary>The reader is dropped: its next read throws <see cref="BroadcastReaderDroppedException"/>.</summary>
    DropReader,

    /// <summary>
    /// The oldest bytes that the reader has not consumed are left out, up to the end of a flush, except for what it is reading:
    /// <see cref="RegionPipeReader.DroppedBytes"/> says how many. What is flushed at once arrives whole or not at all, if the reader consumes it at once.
    /// </summary>
    DropOldest,
}
