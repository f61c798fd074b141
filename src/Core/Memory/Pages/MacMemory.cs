namespace FastBuffers;

/// <summary>The memory of macOS.</summary>
internal sealed class MacMemory : PosixMemory
{
    private const int MapFixed = 0x10;

    protected override int AnonymousFlag => 0x1000;

    // Fresh pages over the old ones: the old ones are gone, from the process's footprint too. MADV_DONTNEED and MADV_FREE leave them
    // in it until memory is short; MADV_FREE_REUSABLE, which no manual describes, asks for MADV_FREE_REUSE before the next use, else
    // what is used again is not counted.
    internal override bool Discard(nint address, long bytes) => MapOver(address, bytes, MapFixed);

    // The system has huge pages for Intel processors only, and only for whole mappings that ask for them when made.
    internal override bool AdviseHugePages(nint address, long bytes, bool wanted) => false;
}
