namespace FastBuffers;

/// <summary>The memory of Linux, of any C library.</summary>
internal sealed class LinuxMemory : PosixMemory
{
    private const int DontNeed = 4;
    private const int HugePage = 14;
    private const int NoHugePage = 15;

    protected override int AnonymousFlag => 0x20;

    // MADV_FREE would be cheaper, but takes the pages only when memory is short, and until then nobody sees that they are free.
    internal override bool Discard(nint address, long bytes) => Advise(address, bytes, DontNeed);

    internal override bool AdviseHugePages(nint address, long bytes, bool wanted) =>
        Advise(address, bytes, wanted ? HugePage : NoHugePage) && wanted;
}
