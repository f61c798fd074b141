#pragma warning disable CA1822
using System.Runtime.InteropServices;
namespace FastBuffers;
internal sealed unsafe class PageHeap : IDisposable
{
    internal int PageSize => 4096;
    internal nint Allocate(long bytes) => (nint)NativeMemory.AlignedAlloc((nuint)bytes, 4096);
    internal void Free(nint address, long bytes) { _ = bytes; NativeMemory.AlignedFree((void*)address); }
    internal long Trim() => 0;
    public void Dispose() { }
}
