namespace FastBuffers.Pipelines;

/// <summary>What a side of a pipe has to look at before it goes on without the lock. While bytes just flow, none of it is set but fences.</summary>
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

    /// <summary>The writer issues a fence after it published, since the reader waits now and then. See <see cref="PipeLink"/>.</summary>
    WriterFences = 64,

    /// <summary>The same for the reader, since the writer waits now and then.</summary>
    ReaderFences = 128,

    /// <summary>The reader is the one of a broadcast that drops what is read too late: each of its steps is under the lock.</summary>
    Drops = 256,

    Fences = WriterFences | ReaderFences,
}
