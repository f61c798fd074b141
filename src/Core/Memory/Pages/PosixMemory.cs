using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>What POSIX systems of 64 bits have in common, with the numbers that differ left open.</summary>
internal abstract partial class PosixMemory : SystemMemory
{
    private const int MapPrivate = 0x02;
    private const nint MapFailed = -1;

    private readonly Lazy<nuint?> _endKey;

    protected PosixMemory() => _endKey = new Lazy<nuint?>(MakeEndKey);

    /// <summary>A function of the C library that takes an address, and makes what is there, which is zero, something else.</summary>
    protected abstract string MarkFunction { get; }

    /// <summary>The flag of mmap for memory that no file is behind.</summary>
    protected abstract int AnonymousFlag { get; }

    internal override nint Map(long bytes, long alignment)
    {
        long slack = alignment - PageSize;
        if (bytes > nint.MaxValue - slack)
        {
            throw PageErrors.TooMuch(bytes);
        }

        nint mapped = MapAnywhere(bytes + slack);
        if (mapped == MapFailed)
        {
            throw PageErrors.Refused(bytes, alignment);
        }

        // A remainder that cannot be cut off stays: address space that nobody uses, hence no memory.
        nint address = (mapped + (nint)alignment - 1) & ~((nint)alignment - 1);
        long before = address - mapped;
        CutOff(mapped, before);
        CutOff(address + (nint)bytes, slack - before);
        return address;
    }

    internal override bool Unmap(nint address, long bytes) => UnmapPages(address, (nuint)bytes) == 0;

    internal override bool Protect(nint address, long bytes, PageAccess access) =>
        ProtectPages(address, (nuint)bytes, ToProtection(access)) == 0;

    // What a thread has at a key goes to a function of the key's when the thread ends. That of a runtime that has left the thread by then
    // must not run: it is the C library's.
    internal override bool MarkAtEnd(nint mark)
    {
        nuint? key = _endKey.Value;
        return key is { } known && GetOfThread(known) == 0 && SetOfThread(known, mark) == 0;
    }

    /// <summary>Replaces pages by fresh ones.</summary>
    protected bool MapOver(nint address, long bytes, int fixedFlag) =>
        MapPages(address, (nuint)bytes, ToProtection(PageAccess.ReadWrite), MapPrivate | AnonymousFlag | fixedFlag, -1, 0) == address;

    /// <summary>Tells the system what to do with pages.</summary>
    protected static bool Advise(nint address, long bytes, int advice) => AdvisePages(address, (nuint)bytes, advice) == 0;

    private nint MapAnywhere(long bytes) =>
        MapPages(0, (nuint)bytes, ToProtection(PageAccess.ReadWrite), MapPrivate | AnonymousFlag, -1, 0);

    private void CutOff(nint address, long bytes)
    {
        if (bytes > 0)
        {
            Unmap(address, bytes);
        }
    }

    // PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE.
    private static int ToProtection(PageAccess access) => access switch
    {
        PageAccess.None => 0,
        PageAccess.Read => 1,
        _ => 3,
    };

    private nuint? MakeEndKey() =>
        NativeLibrary.TryLoad("libc", typeof(PosixMemory).Assembly, null, out nint library)
        && NativeLibrary.TryGetExport(library, MarkFunction, out nint function)
        && MakeKey(out nuint key, function) == 0
            ? key
            : null;

    // A key has 32 bits or 64, by the system.
    [LibraryImport("libc", EntryPoint = "pthread_key_create")]
    private static partial int MakeKey(out nuint key, nint atEnd);

    [LibraryImport("libc", EntryPoint = "pthread_getspecific")]
    private static partial nint GetOfThread(nuint key);

    [LibraryImport("libc", EntryPoint = "pthread_setspecific")]
    private static partial int SetOfThread(nuint key, nint value);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint MapPages(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int UnmapPages(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int AdvisePages(nint address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int ProtectPages(nint address, nuint length, int protection);
}
