using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>The memory of macOS.</summary>
internal sealed partial class MacMemory : PosixMemory
{
    private const int MapFixed = 0x10;

    protected override int AnonymousFlag => 0x1000;

    // Of zeros as a lock that is free: it becomes the thread's.
    protected override string MarkFunction => "os_unfair_lock_trylock";

    // Fresh pages over the old ones: the old ones are gone, from the process's footprint too. MADV_DONTNEED and MADV_FREE leave them
    // in it until memory is short; MADV_FREE_REUSABLE, which no manual describes, asks for MADV_FREE_REUSE before the next use, else
    // what is used again is not counted.
    internal override bool Discard(nint address, long bytes) => MapOver(address, bytes, MapFixed);

    // The system has huge pages for Intel processors only, and only for whole mappings that ask for them when made.
    internal override bool AdviseHugePages(nint address, long bytes, bool wanted) => false;

    internal override (nuint Start, nuint End) CallerStack()
    {
        nint thread = CurrentThread();
        nuint end = StackEnd(thread);
        return (end - StackBytes(thread), end);
    }

    [LibraryImport("libc", EntryPoint = "pthread_self")]
    private static partial nint CurrentThread();

    [LibraryImport("libc", EntryPoint = "pthread_get_stackaddr_np")]
    private static partial nuint StackEnd(nint thread);

    [LibraryImport("libc", EntryPoint = "pthread_get_stacksize_np")]
    private static partial nuint StackBytes(nint thread);
}
