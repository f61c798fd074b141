namespace FastBuffers;

/// <summary>What a thread may do with a page; anything else faults and ends the process.</summary>
internal enum PageAccess
{
    None,
    Read,
    ReadWrite,
}
