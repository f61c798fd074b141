namespace FastBuffers.Pipelines.Tests;

/// <summary>One step of a random program. What does not make sense where it comes is left out, for both pipes alike.</summary>
internal enum PipeStep
{
    Write,
    WriteHinted,
    Flush,
    FlushWithToken,
    WriteAsync,
    Read,
    ReadWithToken,
    ReadAtLeast,
    TryRead,
    Advance,
    CancelRead,
    CancelFlush,
    CancelReadToken,
    CancelFlushToken,
    CompleteWriter,
    CompleteReader,
    FailWriter,
    Reset,
}
