using System.Buffers;

namespace FastBuffers;

// The pool, for code that knows .NET's abstraction only.
public sealed partial class RegionPool
{
    private RegionMemoryPool? _memoryPool;

    /// <summary>
    /// The pool as a <see cref="MemoryPool{T}"/>. What it rents is as long as was asked for, 4096 bytes when that was left open, and its
    /// Memory throws <see cref="ObjectDisposedException"/> once it has been disposed, also when the bytes have been rented out again.
    /// A second Dispose of an owner changes nothing and is counted as a double return; an owner that was dropped is found as a leak.
    /// </summary>
    /// <returns>The same object each time. Thread-safe; its Dispose does nothing.</returns>
    public MemoryPool<byte> AsMemoryPool() =>
        Volatile.Read(ref _memoryPool) ?? Interlocked.CompareExchange(ref _memoryPool, new RegionMemoryPool(this), null) ?? _memoryPool;
}
