namespace FastBuffers.Pipelines;

/// <summary>What a side of a pipe has to look at before it goes on without the lock. None of it is set while bytes just flow.</summary>
[Flags]
internal enum PipeAttention
{
    None = 0,

    /// <summary>The reader waits for bytes.</summary>
    ReaderWaits = 1,

    /// <summary>There are too many bytes that have not been read; flushes wait.</summary>
    WriterPaused = 2,

    /// <summary>The read that is pending, or the next one, ends as cancelled.</summary>
    ReadCanceled = 4,

    /// <summary>The flush that is pending, or the next one, ends as cancelled.</summary>
    FlushCanceled = 8,

    WriterDone = 16,

    ReaderDone = 32,
}
