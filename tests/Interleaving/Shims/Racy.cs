using System.Runtime.CompilerServices;
using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Shims;

/// <summary>
/// Stands in for the library's <c>Racy</c>, a plain access that is racy on purpose. On x64 it differs from a volatile one only in what the
/// compiler may do with it, so the model treats both alike.
/// </summary>
public static class Racy
{
    public static T Read<T>(ref readonly T location)
    {
        if (Interlocked.Explored(out VirtualThread self))
        {
            return Interlocked.Do(self, AccessKind.Read, ref Unsafe.AsRef(in location), default!, default!);
        }

        // Outside an exploration no shim knows the type's width well enough for a volatile access; a barrier is as good.
        T value = location;
        System.Threading.Volatile.ReadBarrier();
        return value;
    }

    public static void Write<T>(ref T location, T value)
    {
        if (Interlocked.Explored(out VirtualThread self))
        {
            Interlocked.Do(self, AccessKind.Write, ref location, value, default!);
            return;
        }

        System.Threading.Volatile.WriteBarrier();
        location = value;
    }
}
