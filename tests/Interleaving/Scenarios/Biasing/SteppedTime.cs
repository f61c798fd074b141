namespace FastBuffers.Interleaving.Scenarios.Biasing;

/// <summary>A clock that goes on when it is told to: far enough for every pause to be over.</summary>
internal sealed class SteppedTime : TimeProvider
{
    /// <summary>The time.</summary>
    public long Now { get; private set; }

    /// <summary>Lets all pauses be over that have begun.</summary>
    public void Step() => Now += 1L << 40;

    public override long GetTimestamp() => Now;
}
