using System.Runtime.InteropServices;

namespace FastBuffers.Pipelines;

/// <summary>
/// The words that the two sides of a pipe share, each on cache lines of its own: two apart, because processors fetch lines in pairs.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 4 * Apart)]
internal struct PipeWords
{
    private const int Apart = 128;

    [FieldOffset(Apart)]
    private long _flushed;

    [FieldOffset(2 * Apart)]
    private long _examined;

    [FieldOffset(3 * Apart)]
    private int _attention;

    /// <summary>The number of bytes flushed so far. Written by the writer, after the bytes.</summary>
    internal long Flushed
    {
        readonly get => Volatile.Read(in _flushed);
        set => Volatile.Write(ref _flushed, value);
    }

    /// <summary>The number of bytes examined so far. Written by the reader.</summary>
    internal long Examined
    {
        readonly get => Volatile.Read(in _examined);
        set => Volatile.Write(ref _examined, value);
    }

    internal readonly PipeAttention Attention => (PipeAttention)Volatile.Read(in _attention);

    /// <summary>Sets flags, and returns what was set before. A full fence goes with it.</summary>
    internal PipeAttention Set(PipeAttention flags) => (PipeAttention)Interlocked.Or(ref _attention, (int)flags);

    /// <summary>As new, but for the fences.</summary>
    internal void Reset()
    {
        _flushed = _examined = 0;
        _attention &= (int)PipeAttention.Fences;
    }

    internal void Clear(PipeAttention flag) => Interlocked.And(ref _attention, ~(int)flag);
}
