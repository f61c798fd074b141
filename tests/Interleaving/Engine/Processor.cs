using System.Runtime.InteropServices;

namespace FastBuffers.Interleaving.Engine;

/// <summary>
/// Keeps the threads of an exploration on one processor, where the system lets us. One of them runs at a time; the turn goes to another
/// at every few accesses, and to wake a thread on another processor costs more than all that lies between.
/// </summary>
internal static partial class Processor
{
    private const int Bits = 64;
    private const int Most = 1024;

    /// <summary>The number of the processor that the calling thread runs on; -1 if that is not known.</summary>
    public static int Current => OperatingSystem.IsLinux() ? GetProcessor() : -1;

    /// <summary>Keeps the calling thread on <paramref name="processor"/>. Nothing but speed depends on it, so a refusal is no error.</summary>
    public static void Keep(int processor)
    {
        if (processor is >= 0 and < Most)
        {
            Span<ulong> mask = stackalloc ulong[Most / Bits];
            mask.Clear();
            mask[processor / Bits] = 1UL << (processor % Bits);
            _ = SetAffinity(0, (nuint)(Most / 8), mask);
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    private static partial int GetProcessor();

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint bytes, Span<ulong> mask);
}
