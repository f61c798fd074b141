using System.Runtime.InteropServices;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Buffers;

/// <summary>
/// A contender whose C heap is in use, as that of a service is: free blocks of the length lie between others that are held. Otherwise what ran before
/// decides whether a block borders on the end of the heap, from which it is cut in a third of the time that it takes to find one.
/// </summary>
internal sealed unsafe class BusyHeap : IContender
{
    private const int Blocks = 32;

    private readonly IContender _contender;
    private readonly void*[] _held = new void*[Blocks];

    public BusyHeap(IContender contender, int length)
    {
        _contender = contender;
        void*[] free = new void*[Blocks];
        for (int i = 0; i < Blocks; i++)
        {
            free[i] = NativeMemory.Alloc((nuint)length);
            _held[i] = NativeMemory.Alloc((nuint)length);
        }

        foreach (void* block in free)
        {
            NativeMemory.Free(block);
        }
    }

    public int Multiple => _contender.Multiple;

    public int Threads => _contender.Threads;

    public void Run(int operations) => _contender.Run(operations);

    public void Dispose()
    {
        foreach (void* block in _held)
        {
            NativeMemory.Free(block);
        }

        _contender.Dispose();
    }
}
