namespace FastBuffers.Interleaving.Scenarios.Waiting;

/// <summary>A clock that stands still: an execution must not depend on how long it takes.</summary>
internal sealed class FrozenTime : TimeProvider
{
    public static readonly FrozenTime Instance = new();

    public override long GetTimestamp() => 0;
}
