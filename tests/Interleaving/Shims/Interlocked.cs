using FastBuffers.Interleaving.Engine;
using Real = System.Threading.Interlocked;

namespace FastBuffers.Interleaving.Shims;

/// <summary>Stands in for <see cref="Real"/> in the linked source: a scheduling point inside an exploration, the real thing elsewhere.</summary>
public static class Interlocked
{
    public static T CompareExchange<T>(ref T location, T value, T comparand) =>
        Explored(out VirtualThread self) ? Do(self, AccessKind.CompareExchange, ref location, value, comparand) : Real.CompareExchange(ref location, value, comparand);

    public static T Exchange<T>(ref T location, T value) =>
        Explored(out VirtualThread self) ? Do(self, AccessKind.Exchange, ref location, value, value) : Real.Exchange(ref location, value);

    public static int Add(ref int location, int value) => Explored(out VirtualThread self) ? Do(self, AccessKind.Add, ref location, value, 0) + value : Real.Add(ref location, value);

    public static uint Add(ref uint location, uint value) => Explored(out VirtualThread self) ? Do(self, AccessKind.Add, ref location, value, 0u) + value : Real.Add(ref location, value);

    public static long Add(ref long location, long value) => Explored(out VirtualThread self) ? Do(self, AccessKind.Add, ref location, value, 0L) + value : Real.Add(ref location, value);

    public static ulong Add(ref ulong location, ulong value) => Explored(out VirtualThread self) ? Do(self, AccessKind.Add, ref location, value, 0ul) + value : Real.Add(ref location, value);

    public static int Increment(ref int location) => Add(ref location, 1);

    public static uint Increment(ref uint location) => Add(ref location, 1);

    public static long Increment(ref long location) => Add(ref location, 1);

    public static ulong Increment(ref ulong location) => Add(ref location, 1);

    public static int Decrement(ref int location) => Add(ref location, -1);

    public static uint Decrement(ref uint location) => Add(ref location, uint.MaxValue);

    public static long Decrement(ref long location) => Add(ref location, -1);

    public static ulong Decrement(ref ulong location) => Add(ref location, ulong.MaxValue);

    public static int Or(ref int location, int value) => Explored(out VirtualThread self) ? Do(self, AccessKind.Or, ref location, value, 0) : Real.Or(ref location, value);

    public static uint Or(ref uint location, uint value) => Explored(out VirtualThread self) ? Do(self, AccessKind.Or, ref location, value, 0u) : Real.Or(ref location, value);

    public static long Or(ref long location, long value) => Explored(out VirtualThread self) ? Do(self, AccessKind.Or, ref location, value, 0L) : Real.Or(ref location, value);

    public static ulong Or(ref ulong location, ulong value) => Explored(out VirtualThread self) ? Do(self, AccessKind.Or, ref location, value, 0ul) : Real.Or(ref location, value);

    public static int And(ref int location, int value) => Explored(out VirtualThread self) ? Do(self, AccessKind.And, ref location, value, 0) : Real.And(ref location, value);

    public static uint And(ref uint location, uint value) => Explored(out VirtualThread self) ? Do(self, AccessKind.And, ref location, value, 0u) : Real.And(ref location, value);

    public static long And(ref long location, long value) => Explored(out VirtualThread self) ? Do(self, AccessKind.And, ref location, value, 0L) : Real.And(ref location, value);

    public static ulong And(ref ulong location, ulong value) => Explored(out VirtualThread self) ? Do(self, AccessKind.And, ref location, value, 0ul) : Real.And(ref location, value);

    public static long Read(ref readonly long location) =>
        Explored(out VirtualThread self) ? Do(self, AccessKind.Read, ref System.Runtime.CompilerServices.Unsafe.AsRef(in location), 0L, 0L) : Real.Read(in location);

    public static ulong Read(ref readonly ulong location) =>
        Explored(out VirtualThread self) ? Do(self, AccessKind.Read, ref System.Runtime.CompilerServices.Unsafe.AsRef(in location), 0ul, 0ul) : Real.Read(in location);

    public static void MemoryBarrier()
    {
        if (Explored(out VirtualThread self))
        {
            self.Exploration.Fence(self);
        }
        else
        {
            Real.MemoryBarrier();
        }
    }

    public static void MemoryBarrierProcessWide()
    {
        if (Explored(out VirtualThread self))
        {
            self.Exploration.ProcessFence(self);
        }
        else
        {
            Real.MemoryBarrierProcessWide();
        }
    }

    /// <summary>Whether this thread's accesses are an exploration's to schedule right now.</summary>
    internal static bool Explored(out VirtualThread self)
    {
        self = VirtualThread.Current!;
        return self is not null && self.Exploration.Controls(self);
    }

    internal static T Do<T>(VirtualThread self, AccessKind kind, ref T location, T value, T comparand) =>
        self.Exploration.Access(self, kind, ref location, value, comparand);
}
