using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>
/// The memory of Windows. What is mapped counts against the commit limit at once, so that a later use cannot fail, but is backed by
/// physical memory from its first use on, as elsewhere.
/// </summary>
internal sealed partial class WindowsMemory : SystemMemory
{
    private const uint Commit = 0x1000;
    private const uint Reserve = 0x2000;
    private const uint Release = 0x8000;

    /// <summary>What the address of every reservation is a multiple of, whatever the page size.</summary>
    private const long Granularity = 64 << 10;

    private const uint NoIndex = uint.MaxValue;

    private readonly Lazy<uint?> _endIndex = new(MakeEndIndex);

    internal override nint Map(long bytes, long alignment)
    {
        long slack = Math.Max(alignment - Granularity, 0);
        if (bytes > nint.MaxValue - slack)
        {
            throw PageErrors.TooMuch(bytes);
        }

        // A reservation is released as a whole or not at all, so that the slack stays reserved: address space, and no memory.
        nint reserved = VirtualAlloc(0, (nuint)(bytes + slack), Reserve, ToProtection(PageAccess.ReadWrite));
        if (reserved == 0)
        {
            throw PageErrors.Refused(bytes, alignment);
        }

        nint address = (reserved + (nint)alignment - 1) & ~((nint)alignment - 1);
        if (VirtualAlloc(address, (nuint)bytes, Commit, ToProtection(PageAccess.ReadWrite)) == 0)
        {
            OutOfMemoryException refused = PageErrors.Refused(bytes, alignment);
            VirtualFree(reserved, 0, Release);
            throw refused;
        }

        return address;
    }

    internal override bool Unmap(nint address, long bytes) =>
        VirtualQuery(address, out PageInformation pages, (nuint)Marshal.SizeOf<PageInformation>()) != 0
        && VirtualFree(pages.Reservation, 0, Release);

    // MEM_RESET leaves the pages in the working set until memory is short. Decommitting would return the commit charge too, but
    // between it and committing again another process may take the last of that, and the address would be left without memory.
    internal override bool Discard(nint address, long bytes) => DiscardVirtualMemory(address, (nuint)bytes) == 0;

    // Large pages take a privilege that few accounts have, and can be neither discarded nor protected in part.
    internal override bool AdviseHugePages(nint address, long bytes, bool wanted) => false;

    internal override bool Protect(nint address, long bytes, PageAccess access) =>
        VirtualProtect(address, (nuint)bytes, ToProtection(access), out _);

    internal override (nuint Start, nuint End) CallerStack()
    {
        GetCurrentThreadStackLimits(out nuint start, out nuint end);
        return (start, end);
    }

    // What a thread has at an index goes to a function of the index's when the thread ends. Of zeros as a lock that is free: it is taken.
    internal override bool MarkAtEnd(nint mark)
    {
        uint? index = _endIndex.Value;
        return index is { } known && FlsGetValue(known) == 0 && FlsSetValue(known, mark);
    }

    private static uint? MakeEndIndex() =>
        NativeLibrary.TryLoad("kernel32", typeof(WindowsMemory).Assembly, DllImportSearchPath.System32, out nint library)
        && NativeLibrary.TryGetExport(library, "TryAcquireSRWLockExclusive", out nint function)
        && FlsAlloc(function) is var index and not NoIndex
            ? index
            : null;

    // PAGE_NOACCESS, PAGE_READONLY, PAGE_READWRITE.
    private static uint ToProtection(PageAccess access) => access switch
    {
        PageAccess.None => 1,
        PageAccess.Read => 2,
        _ => 4,
    };

    [LibraryImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint VirtualAlloc(nint address, nuint size, uint kind, uint protection);

    [LibraryImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualFree(nint address, nuint size, uint kind);

    [LibraryImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nuint VirtualQuery(nint address, out PageInformation pages, nuint size);

    [LibraryImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial void GetCurrentThreadStackLimits(out nuint start, out nuint end);

    [LibraryImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial uint FlsAlloc(nint atEnd);

    [LibraryImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint FlsGetValue(uint index);

    [LibraryImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool FlsSetValue(uint index, nint value);

    // Gives the error, and not by way of the last one.
    [LibraryImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial uint DiscardVirtualMemory(nint address, nuint size);

    [LibraryImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualProtect(nint address, nuint size, uint protection, out uint before);

    // MEMORY_BASIC_INFORMATION; what 64 bits have between the two protections and the size falls into the padding.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct PageInformation
    {
        private readonly nint _address;
        internal readonly nint Reservation;
        private readonly uint _firstProtection;
        private readonly nuint _size;
        private readonly uint _state;
        private readonly uint _protection;
        private readonly uint _kind;
    }
}
