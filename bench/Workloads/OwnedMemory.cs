using System.Buffers;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Workloads;

/// <summary>A memory owner at a time from a pool as the runtime defines it: rented, touched at both ends, disposed.</summary>
internal sealed class OwnedMemory(MemoryPool<byte> pool, int length) : IContender
{
    public void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            IMemoryOwner<byte> owner = pool.Rent(length);
            Touch.Escaped = owner;
            Touch.Ends(owner.Memory.Span);
            owner.Dispose();
        }
    }

    public void Dispose()
    {
    }
}
