namespace FastBuffers.Pipelines;

/// <summary>What <see cref="RegionPipeReader.Retain"/> does with what it keeps. Immutable.</summary>
public sealed class RetainOptions
{
    private readonly double _copyBelow = 0.125;

    internal static RetainOptions Default { get; } = new();

    /// <summary>
    /// The share of its segment, from 0 to 1, below which a part is copied, so that a few bytes do not keep a whole segment: 0 for never;
    /// 0.125 if it is not set.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to 1.</exception>
    public double CopyBelow
    {
        get => _copyBelow;
        init => _copyBelow = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The share of its segment below which a part is copied is from 0 to 1.");
    }

    /// <summary>
    /// Whether what is retained counts against <see cref="PipeOptions.PauseWriterThreshold"/>: whole segments, once the reader has consumed
    /// them, and copies; true if it is not set. False for parts that are stored for long, whose number something else limits: else the
    /// writer waits until they are disposed.
    /// </summary>
    public bool CountsAgainstPauseThreshold { get; init; } = true;
}
