using System.Buffers;
using System.Runtime.InteropServices;

namespace FastBuffers.Tests.Infrastructure;

/// <summary>Native memory that counts how often it was freed; as a pointer with a callback, or as an owner.</summary>
internal sealed unsafe class ForeignMemory(int length) : MemoryManager<byte>
{
    private void* _memory = NativeMemory.AllocZeroed((nuint)Math.Max(length, 1));
    private int _freed;
    private int _pins;

    internal int Freed => Volatile.Read(ref _freed);

    internal int Pins => Volatile.Read(ref _pins);

    internal Region AsRegion(HoldCapabilities declared = ConflictTable.AllKinds | HoldCapabilities.Declared) =>
        Region.Wrap(_memory, length, declared, Free);

    public override Span<byte> GetSpan() => new(_memory, length);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        Interlocked.Increment(ref _pins);
        return new MemoryHandle((byte*)_memory + elementIndex, default, this);
    }

    public override void Unpin() => Interlocked.Decrement(ref _pins);

    protected override void Dispose(bool disposing) => Free();

    private void Free()
    {
        if (Interlocked.Increment(ref _freed) == 1)
        {
            NativeMemory.Free(_memory);
            _memory = null;
        }
    }
}
