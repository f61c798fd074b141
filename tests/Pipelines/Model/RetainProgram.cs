namespace FastBuffers.Pipelines.Tests;

/// <summary>A random program that writes, splices, reads and retains, beside plain arrays that say what has to be there.</summary>
internal sealed class RetainProgram : IDisposable
{
    private readonly RegionPipeUnderTest _test;
    private readonly Queue<byte> _unread = new();
    private readonly List<byte> _unflushed = [];
    private readonly List<(RetainedSequence Kept, byte[] Bytes)> _kept = [];

    public RetainProgram(int segment, double copyBelow) =>
        _test = new RegionPipeUnderTest(segment: segment, retain: new RetainOptions { CopyBelow = copyBelow });

    public void Do(RetainStep step, int first, int second)
    {
        switch (step)
        {
            case RetainStep.Write:
                _unflushed.AddRange(_test.Write(first));
                break;
            case RetainStep.AppendLease:
                _test.Pipe.Writer.Append(_test.Rent(first + 1, out byte[] bytes));
                _unflushed.AddRange(bytes);
                break;
            case RetainStep.AppendKept when _kept.Count > 0:
                (RetainedSequence kept, byte[] value) = _kept[first % _kept.Count];
                _test.Pipe.Writer.Append(kept.Share());
                _unflushed.AddRange(value);
                break;
            case RetainStep.Flush:
                _test.Flush(0);
                _unflushed.ForEach(_unread.Enqueue);
                _unflushed.Clear();
                break;
            case RetainStep.Read when _test.Pipe.Reader.TryRead(out ReadResult result):
                Read(result.Buffer, first, second);
                break;
            case RetainStep.Slice when _kept.Count > 0:
                (RetainedSequence whole, byte[] all) = _kept[first % _kept.Count];
                int start = second % (all.Length + 1);
                int length = first % (all.Length - start + 1);
                _kept.Add((whole.Slice(start, length), all[start..(start + length)]));
                break;
            case RetainStep.Dispose when _kept.Count > 0:
                _kept[first % _kept.Count].Kept.Dispose();
                _kept.RemoveAt(first % _kept.Count);
                break;
        }

        foreach ((RetainedSequence kept, byte[] bytes) in _kept)
        {
            Assert.Equal(bytes, kept.Sequence.ToArray());
        }
    }

    public void Dispose()
    {
        _test.Pipe.Writer.Complete();
        _test.Pipe.Reader.Complete();
        _kept.ForEach(static kept => kept.Kept.Dispose());
        _test.Dispose();
    }

    // Retains a part and consumes a part, not the same.
    private void Read(ReadOnlySequence<byte> read, int first, int second)
    {
        byte[] expected = [.. _unread];
        Assert.Equal(expected, read.ToArray());
        int start = first % (expected.Length + 1);
        int length = second % (expected.Length - start + 1);
        _kept.Add((_test.Pipe.Reader.Retain(read.Slice(start, length)), expected[start..(start + length)]));
        int consumed = (first + second) % (expected.Length + 1);
        _test.Pipe.Reader.AdvanceTo(read.GetPosition(consumed), read.End);
        for (int i = 0; i < consumed; i++)
        {
            _unread.Dequeue();
        }
    }
}
