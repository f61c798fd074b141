using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Planted;

/// <summary>Allocates the smallest object, once in <paramref name="interval"/> operations.</summary>
internal sealed class Allocating(int interval) : IContender
{
    private int _count;

    public void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            if (++_count >= interval)
            {
                _count = 0;
                Touch.Escaped = new object();
            }
        }
    }

    public void Dispose()
    {
    }
}
