using System.Runtime.InteropServices;
using FastBuffers.Locking;

namespace FastBuffers.Pipelines;

/// <summary>The memory of a stream: blocks of a pool, each as long as all before it, from 4 KiB to 1 MiB. For one thread at a time.</summary>
internal sealed class StreamBlocks(RegionPool pool)
{
    private const int MinBlockSize = 4096;
    private const int MaxBlockSize = 1 << 20;

    private readonly List<Lease> _blocks = [];

    // Where each block ends.
    private readonly List<long> _ends = [];
    private int _last;

    /// <summary>The number of bytes that there is room for.</summary>
    internal long Capacity => _ends.Count == 0 ? 0 : _ends[^1];

    internal int Count => _blocks.Count;

    /// <summary>Makes room, also if not for all.</summary>
    /// <exception cref="PoolExhaustedException">The pool has no more memory. What there was stays.</exception>
    internal void Reserve(long capacity)
    {
        while (Capacity < capacity)
        {
            long wanted = Math.Max(Capacity, Math.Min(capacity - Capacity, MaxBlockSize));
            Lease block = pool.Rent((int)Math.Clamp(wanted, MinBlockSize, MaxBlockSize));
            _ends.Add(Capacity + block.Length);
            _blocks.Add(block);
        }
    }

    /// <summary>The bytes from a position to the end of its block.</summary>
    /// <exception cref="ObjectDisposedException">The blocks have been given back.</exception>
    internal Span<byte> From(long position)
    {
        int index = Find(position);
        return Region.WritableBytesOf(_blocks[index].Token)[(int)(position - Start(index))..];
    }

    /// <summary>Fills with zeros.</summary>
    internal void Clear(long start, long end)
    {
        while (start < end)
        {
            Span<byte> bytes = From(start);
            bytes = bytes[..(int)Math.Min(bytes.Length, end - start)];
            bytes.Clear();
            start += bytes.Length;
        }
    }

    /// <summary>Gives back the blocks that begin at a position or after it.</summary>
    internal void Trim(long position)
    {
        int count = _blocks.Count;
        while (count > 0 && Start(count - 1) >= position)
        {
            count--;
            _blocks[count].Dispose();
        }

        Keep(count);
    }

    /// <summary>The bytes before a position.</summary>
    internal ReadOnlySequence<byte> SequenceOf(long length)
    {
        if (length == 0)
        {
            return default;
        }

        SequenceNode first = new(Part(0, length), 0);
        SequenceNode last = first;
        for (int i = 1; i < _blocks.Count && Start(i) < length; i++)
        {
            last = last.Append(Part(i, length));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <summary>The bytes before a position, which leave the stream.</summary>
    internal RetainedSequence Detach(long length)
    {
        Trim(length);
        RetainedPart[] parts = new RetainedPart[_blocks.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            int count = (int)(Math.Min(length, _ends[i]) - Start(i));
            parts[i] = RetainedPart.Of(_blocks[i].Downgrade(HoldKind.Immutable), count, pinned: null);
        }

        Keep(0);
        return new RetainedSequence(parts);
    }

    /// <summary>Gives all blocks back. Done twice, the pool counts a double return for each.</summary>
    internal void Release()
    {
        foreach (ref readonly Lease block in CollectionsMarshal.AsSpan(_blocks))
        {
            block.Dispose();
        }
    }

    private Memory<byte> Part(int index, long length)
    {
        Memory<byte> memory = _blocks[index].Memory;
        return memory[..(int)Math.Min(memory.Length, length - Start(index))];
    }

    private long Start(int index) => index == 0 ? 0 : _ends[index - 1];

    private int Find(long position)
    {
        if (_last >= _ends.Count || position < Start(_last) || position >= _ends[_last])
        {
            int index = _ends.BinarySearch(position);
            _last = index >= 0 ? index + 1 : ~index;
        }

        return _last;
    }

    private void Keep(int count)
    {
        _blocks.RemoveRange(count, _blocks.Count - count);
        _ends.RemoveRange(count, _ends.Count - count);
    }
}
