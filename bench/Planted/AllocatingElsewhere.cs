using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Planted;

/// <summary>Has another thread allocate: the count has to cover the process, not the thread that measures.</summary>
internal sealed class AllocatingElsewhere : IContender
{
    private readonly Partner _partner = new(() => Touch.Escaped = new object());

    public void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            _partner.Ask();
        }
    }

    public void Dispose() => _partner.Dispose();
}
