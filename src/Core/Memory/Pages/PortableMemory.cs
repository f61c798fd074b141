using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>The C library's memory, for systems that are not known here: nothing is given back before it is unmapped.</summary>
internal sealed unsafe class PortableMemory : SystemMemory
{
    internal override nint Map(long bytes, long alignment)
    {
        try
        {
            void* address = NativeMemory.AlignedAlloc(checked((nuint)bytes), (nuint)alignment);
            NativeMemory.Clear(address, (nuint)bytes);
            return (nint)address;
        }
        catch (Exception exception) when (exception is OutOfMemoryException or OverflowException)
        {
            throw PageErrors.Refused(bytes, alignment, exception.Message);
        }
    }

    internal override bool Unmap(nint address, long bytes)
    {
        NativeMemory.AlignedFree((void*)address);
        return true;
    }

    internal override bool Discard(nint address, long bytes) => false;

    internal override bool AdviseHugePages(nint address, long bytes, bool wanted) => false;

    internal override bool Protect(nint address, long bytes, PageAccess access) => false;
}
