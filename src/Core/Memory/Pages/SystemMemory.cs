namespace FastBuffers;

/// <summary>
/// The operating system's memory, by the page. Addresses and lengths are in bytes and, the length for <see cref="Map"/> included,
/// multiples of <see cref="PageSize"/>. All members may be called from any thread at any time; what two threads do to the same pages
/// is theirs to order.
/// </summary>
internal abstract class SystemMemory
{
    /// <summary>The number of bytes that <see cref="MarkAtEnd"/> takes.</summary>
    internal const int MarkBytes = 32;

    /// <summary>The memory of the system that this process runs on.</summary>
    internal static SystemMemory Current { get; } = Choose();

    /// <summary>The number of bytes that are mapped, discarded and protected at once: a power of two, 4,096 or more.</summary>
    internal virtual int PageSize { get; } = Environment.SystemPageSize;

    /// <summary>
    /// Maps memory that reads as zeros and can be written. A page is backed by physical memory from its first use on, not before
    /// (the fallback for systems unknown here backs it at once).
    /// </summary>
    /// <param name="bytes">The length, above 0.</param>
    /// <param name="alignment">What the address is a multiple of: a power of two, at least a page.</param>
    /// <exception cref="OutOfMemoryException">The system refused; the message has the length and the system's reason.</exception>
    internal abstract nint Map(long bytes, long alignment);

    /// <summary>Gives back a whole mapping, address space and all.</summary>
    /// <returns>
    /// Whether the system took it. If not, it is mapped as before and may be used or unmapped later: Linux merges neighbouring
    /// mappings and may have no room to cut this one out of them (vm.max_map_count).
    /// </returns>
    internal abstract bool Unmap(nint address, long bytes);

    /// <summary>
    /// Gives the physical memory behind pages back now, at the price of their content: they then read as zeros or as they did, page
    /// by page. The pages stay mapped and may be used at once. They must be accessible for <see cref="PageAccess.ReadWrite"/>.
    /// </summary>
    /// <returns>Whether the system took it; it does not if the pages are locked in memory.</returns>
    internal abstract bool Discard(nint address, long bytes);

    /// <summary>
    /// Asks for huge pages, or for none whatever the system's default is. Either is a wish, that costs nothing if denied.
    /// </summary>
    /// <returns>Whether a first use may from now on back more than the page used.</returns>
    internal abstract bool AdviseHugePages(nint address, long bytes, bool wanted);

    /// <summary>Sets what may be done with pages, for all threads, from the moment that this returns.</summary>
    /// <returns>
    /// Whether the system did; if not, some of the pages may have the new access and some the old. Linux counts pages of different
    /// access as mappings of their own and refuses those above vm.max_map_count.
    /// </returns>
    internal abstract bool Protect(nint address, long bytes, PageAccess access);

    /// <summary>Where the stack of the calling thread is, from its lowest address to behind its highest; nothing where that is not known.</summary>
    internal virtual (nuint Start, nuint End) CallerStack() => default;

    /// <summary>
    /// Makes the calling thread write to some memory of zeros when it ends, before its stack can become another's: the first bytes are not
    /// all zero afterwards. Once for each thread.
    /// </summary>
    /// <param name="mark">The address of the memory, which must not move or go before that.</param>
    /// <returns>False, and nothing will be written, where that is not possible.</returns>
    internal virtual bool MarkAtEnd(nint mark) => false;

    // The C library's mmap takes an offset whose size in a process of 32 bits depends on the library.
    private static SystemMemory Choose() =>
        OperatingSystem.IsWindows() ? new WindowsMemory()
        : OperatingSystem.IsLinux() && Environment.Is64BitProcess ? new LinuxMemory()
        : OperatingSystem.IsMacOS() && Environment.Is64BitProcess ? new MacMemory()
        : new PortableMemory();
}
