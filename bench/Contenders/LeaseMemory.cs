using System.Buffers;
using System.Runtime.InteropServices;
using FastBuffers.Bench.Gate;
using FastBuffers.Locking;

namespace FastBuffers.Bench.Contenders;

/// <summary>A lease that is asked for its memory, twice: the only allocation is to be one manager.</summary>
internal sealed class LeaseMemory : IContender
{
    private readonly Region _region = Region.Allocate(4096);
    private readonly HoldKind _kind;
    private readonly Lease _other;

    /// <param name="kind">The kind of the measured lease.</param>
    /// <param name="shared">Whether another lease is held all along, so that the measured one is a further sharer.</param>
    public LeaseMemory(HoldKind kind, bool shared)
    {
        _kind = kind;
        _other = shared ? _region.Take(kind) : default;
    }

    public void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            using Lease lease = _region.Take(_kind);
            MemoryManager<byte> manager = ManagerOf(lease);
            if (!ReferenceEquals(manager, ManagerOf(lease)))
            {
                throw new InvalidOperationException("One lease was given two managers.");
            }

            Touch.Escaped = manager;
        }
    }

    public void Dispose()
    {
        _other.Dispose();
        _region.Dispose();
    }

    private static MemoryManager<byte> ManagerOf(in Lease lease)
    {
        ReadOnlyMemory<byte> memory = lease.Kind == HoldKind.Exclusive ? lease.Memory : lease.ReadOnlyMemory;
        return MemoryMarshal.TryGetMemoryManager(memory, out MemoryManager<byte>? manager)
            ? manager
            : throw new InvalidOperationException("A lease's memory has no manager.");
    }
}
