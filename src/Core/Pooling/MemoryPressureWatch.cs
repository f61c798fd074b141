using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>
/// Trims a pool when the garbage collector finds that memory is scarce. An object that nobody refers to, whose finalizer registers it
/// again, comes by after each collection that includes it: those of generation 2, once it has got there.
/// </summary>
internal sealed class MemoryPressureWatch
{
    // Not a WeakReference, which might be finalized before.
    private readonly WeakGCHandle<RegionPool> _pool;

    private MemoryPressureWatch(RegionPool pool) => _pool = new WeakGCHandle<RegionPool>(pool);

    ~MemoryPressureWatch()
    {
        if (!_pool.TryGetTarget(out RegionPool? pool) || pool.IsDisposed)
        {
            _pool.Dispose();
            return;
        }

        GCMemoryInfo info = GC.GetGCMemoryInfo();
        if (info.MemoryLoadBytes >= info.HighMemoryLoadThresholdBytes)
        {
            // Not here, where all finalizers would wait for it.
            ThreadPool.UnsafeQueueUserWorkItem(static pool => pool.Trim(), pool, preferLocal: false);
        }

        GC.ReRegisterForFinalize(this);
    }

    /// <summary>Watches for as long as the pool is alive and not disposed.</summary>
    internal static void Begin(RegionPool pool) => _ = new MemoryPressureWatch(pool);
}
