using Real = System.Threading.Volatile;

namespace FastBuffers.Interleaving.Shims;

/// <summary>Stands in for <see cref="Real"/> in the linked source; its stores wait in the thread's store buffer.</summary>
public static class Volatile
{
    public static T Read<T>(ref readonly T location) => Racy.Read(in location);

    public static void Write<T>(ref T location, T value) => Racy.Write(ref location, value);

    /// <summary>Nothing in the model: on x64 a load never passes an earlier one, so it keeps the compiler from moving them, no more.</summary>
    public static void ReadBarrier() => Real.ReadBarrier();
}
