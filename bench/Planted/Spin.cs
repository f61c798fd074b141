using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Planted;

/// <summary>A locked instruction, as often as told: fair against itself, slow against a shorter one.</summary>
internal sealed class Spin(int times) : IContender
{
    /// <summary>Enough for the lines that a processor fetches together: no other object is on this word's.</summary>
    private const int Apart = 256 / sizeof(int);

    private readonly int[] _words = new int[2 * Apart];

    public void Run(int operations)
    {
        ref int word = ref _words[Apart];
        for (int i = 0; i < operations; i++)
        {
            for (int j = 0; j < times; j++)
            {
                Interlocked.Increment(ref word);
            }
        }
    }

    public void Dispose()
    {
    }
}
