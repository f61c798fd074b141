using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Planted;

/// <summary>A locked instruction, as often as told: fair against itself, slow against a shorter one.</summary>
internal sealed class Spin(int times) : IContender
{
    private int _word;

    public void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            for (int j = 0; j < times; j++)
            {
                Interlocked.Increment(ref _word);
            }
        }
    }

    public void Dispose()
    {
    }
}
