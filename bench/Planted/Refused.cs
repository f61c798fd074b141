using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Planted;

/// <summary>Never does its work, which would make it the fastest of all.</summary>
internal sealed class Refused : IContender
{
    public void Run(int operations) => throw new InvalidOperationException("refused, as planted");

    public void Dispose()
    {
    }
}
