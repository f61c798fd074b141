using System.Buffers;
using System.IO.Pipelines;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Pipes;

/// <summary>A message that many get: each reads it, on one thread, and sums the bytes if it is to.</summary>
internal sealed class ManyReaders : IContender
{
    private readonly PipeWriter[] _writers;
    private readonly PipeReader[] _readers;
    private readonly byte[] _message;
    private readonly bool _sums;

    /// <summary>A workload.</summary>
    /// <param name="writers">Each gets a copy of the message.</param>
    /// <param name="readers">Each reads it.</param>
    /// <param name="length">The number of bytes of the message.</param>
    /// <param name="sums">Whether all bytes are looked at.</param>
    public ManyReaders(PipeWriter[] writers, PipeReader[] readers, int length, bool sums)
    {
        (_writers, _readers, _sums) = (writers, readers, sums);
        _message = new byte[length];
        _message.AsSpan().Fill(1);
    }

    public void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            foreach (PipeWriter writer in _writers)
            {
                _message.CopyTo(writer.GetSpan(_message.Length));
                writer.Advance(_message.Length);
                Immediate.Result(writer.FlushAsync());
            }

            foreach (PipeReader reader in _readers)
            {
                Immediate.Require(reader.TryRead(out ReadResult result) && result.Buffer.Length == _message.Length);
                Immediate.Require(!_sums || Sum(result.Buffer) == _message.Length);
                reader.AdvanceTo(result.Buffer.End);
            }
        }
    }

    public void Dispose()
    {
        Array.ForEach(_writers, static writer => writer.Complete());
        Array.ForEach(_readers, static reader => reader.Complete());
    }

    private static long Sum(ReadOnlySequence<byte> bytes)
    {
        long sum = 0;
        foreach (ReadOnlyMemory<byte> part in bytes)
        {
            foreach (byte value in part.Span)
            {
                sum += value;
            }
        }

        return sum;
    }
}
