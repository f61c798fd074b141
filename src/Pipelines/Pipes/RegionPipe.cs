namespace FastBuffers.Pipelines;

/// <summary>
/// A pipe that behaves as <see cref="Pipe"/> does, over tracked memory: what has been given back throws when it is touched, and never
/// shows or harms the bytes of somebody else. One thread writes and one reads at a time.
/// </summary>
public sealed class RegionPipe
{
    private readonly PipeLink _link;

    /// <summary>A pipe.</summary>
    /// <param name="options">
    /// As for <see cref="Pipe"/>; null for the defaults. The default <see cref="PipeOptions.Pool"/> stands for
    /// <see cref="RegionPool.Shared"/>, <see cref="RegionPool.AsMemoryPool"/> for that pool; the blocks of any other become regions.
    /// </param>
    /// <param name="retain">What <see cref="RegionPipeReader.Retain"/> does; null for the defaults.</param>
    public RegionPipe(PipeOptions? options = null, RetainOptions? retain = null)
    {
        options ??= PipeOptions.Default;
        SegmentSource source = new(options);
        _link = new PipeLink(options, retain ?? RetainOptions.Default, source);
        _link.Writer = Writer = new RegionPipeWriter(_link, source);
    }

    /// <summary>The side that reads.</summary>
    public RegionPipeReader Reader => _link.Reader;

    /// <summary>The side that writes.</summary>
    public RegionPipeWriter Writer { get; }

    /// <summary>Makes the pipe as new, after both sides have been completed.</summary>
    /// <exception cref="InvalidOperationException">A side has not been completed.</exception>
    public void Reset() => _link.Reset();
}
