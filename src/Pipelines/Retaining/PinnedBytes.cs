namespace FastBuffers.Pipelines;

/// <summary>The number of bytes that a pipe is done with, and that retained parts keep from being given back. Thread-safe.</summary>
/// <param name="link">The pipe, whose writer may wait for the number to fall.</param>
internal sealed class PinnedBytes(PipeLink link)
{
    private long _count;

    internal long Count => Volatile.Read(ref _count);

    internal void Add(long bytes)
    {
        Interlocked.Add(ref _count, bytes);
        if (bytes < 0)
        {
            link.Unpinned();
        }
    }
}
