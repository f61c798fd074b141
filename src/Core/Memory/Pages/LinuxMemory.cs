using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>The memory of Linux, of any C library.</summary>
internal sealed partial class LinuxMemory : PosixMemory
{
    private const int DontNeed = 4;
    private const int HugePage = 14;
    private const int NoHugePage = 15;

    protected override int AnonymousFlag => 0x20;

    // Of zeros as a semaphore: its count becomes 1.
    protected override string MarkFunction => "sem_post";

    // MADV_FREE would be cheaper, but takes the pages only when memory is short, and until then nobody sees that they are free.
    internal override bool Discard(nint address, long bytes) => Advise(address, bytes, DontNeed);

    internal override bool AdviseHugePages(nint address, long bytes, bool wanted) =>
        Advise(address, bytes, wanted ? HugePage : NoHugePage) && wanted;

    internal override unsafe (nuint Start, nuint End) CallerStack()
    {
        // A pthread_attr_t is 56 bytes or 64, by the C library and the processor.
        byte* attributes = stackalloc byte[256];
        try
        {
            if (GetAttributes(CurrentThread(), attributes) != 0)
            {
                return default;
            }

            bool found = GetStack(attributes, out nuint start, out nuint bytes) == 0;
            _ = DestroyAttributes(attributes);
            return found ? (start, start + bytes) : default;
        }
        catch (EntryPointNotFoundException)
        {
            // The GNU C library has had the functions of threads in a library of their own before version 2.34.
            return default;
        }
    }

    [LibraryImport("libc", EntryPoint = "pthread_self")]
    private static partial nint CurrentThread();

    [LibraryImport("libc", EntryPoint = "pthread_getattr_np")]
    private static unsafe partial int GetAttributes(nint thread, byte* attributes);

    [LibraryImport("libc", EntryPoint = "pthread_attr_getstack")]
    private static unsafe partial int GetStack(byte* attributes, out nuint start, out nuint bytes);

    [LibraryImport("libc", EntryPoint = "pthread_attr_destroy")]
    private static unsafe partial int DestroyAttributes(byte* attributes);
}
