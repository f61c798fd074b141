using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Contended;

/// <summary>A plain lock, which knows no readers.</summary>
internal readonly struct LockGuard() : IGuard
{
    private readonly Lock _lock = new();
    private readonly byte[] _bytes = new byte[4096];

    public void Read()
    {
        lock (_lock)
        {
            Touch.Read(_bytes);
        }
    }

    public void Write()
    {
        lock (_lock)
        {
            Touch.Write(_bytes);
        }
    }

    public void Dispose()
    {
    }
}
