namespace FastBuffers.Pipelines.Tests;

/// <summary>One step of a random program that retains. What does not make sense where it comes is left out.</summary>
internal enum RetainStep
{
    Write,
    AppendLease,
    AppendKept,
    Flush,
    Read,
    Slice,
    Dispose,
}
