namespace FastBuffers.Pipelines.Tests;

/// <summary>Parts that are kept past AdvanceTo.</summary>
public sealed class RetainTests
{
    [Fact]
    public void What_is_retained_stays_as_it_is_whatever_is_written_afterwards()
    {
        using RegionPipeUnderTest test = new();
        byte[] bytes = test.Flush(64);
        ReadOnlySequence<byte> read = test.Read();
        using RetainedSequence kept = test.Pipe.Reader.Retain(read.Slice(8, 40));
        test.Pipe.Reader.AdvanceTo(read.End);
        for (int i = 0; i < 100; i++)
        {
            test.Flush(64);
            test.Pipe.Reader.AdvanceTo(test.Read().End);
        }

        Assert.Equal(bytes[8..48], kept.Sequence.ToArray());
        Assert.Equal(40, kept.Length);
    }

    [Fact]
    public void It_is_where_it_was_read_and_not_a_copy()
    {
        using RegionPipeUnderTest test = new();
        test.Flush(64);
        ReadOnlySequence<byte> read = test.Read();
        using RetainedSequence kept = test.Pipe.Reader.Retain(read);
        Assert.True(read.FirstSpan.Overlaps(kept.Sequence.FirstSpan));
        test.Pipe.Reader.AdvanceTo(read.End);
    }

    [Fact]
    public void It_outlives_the_pipe()
    {
        RetainedSequence kept;
        byte[] bytes;
        RegionPool pool;
        RegionPipeUnderTest test = new();
        pool = test.Pool;
        bytes = test.Flush(200);
        ReadOnlySequence<byte> read = test.Read();
        kept = test.Pipe.Reader.Retain(read);
        test.Pipe.Reader.AdvanceTo(read.End);
        test.Pipe.Writer.Complete();
        test.Pipe.Reader.Complete();
        test.Pipe.Reset();
        Assert.Equal(bytes, kept.Sequence.ToArray());
        Assert.NotEqual(0, test.Rented);
        kept.Dispose();
        test.Dispose();
    }

    [Fact]
    public void It_spans_segments()
    {
        using RegionPipeUnderTest test = new(retain: new RetainOptions { CopyBelow = 0 });
        byte[] bytes = [.. test.Write(60), .. test.Write(60), .. test.Write(60), .. test.Flush(60)];
        ReadOnlySequence<byte> read = test.Read();
        Assert.False(read.IsSingleSegment);
        for (int start = 0; start <= bytes.Length; start += 7)
        {
            for (int end = start; end <= bytes.Length; end += 5)
            {
                using RetainedSequence kept = test.Pipe.Reader.Retain(read.Slice(start, end - start));
                Assert.Equal(bytes[start..end], kept.Sequence.ToArray());
            }
        }

        test.Pipe.Reader.AdvanceTo(read.End);
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public void A_part_that_is_small_against_its_segment_is_copied(int length, bool isCopied)
    {
        using RegionPipeUnderTest test = new();
        byte[] bytes = test.Flush(64);
        ReadOnlySequence<byte> read = test.Read();
        using RetainedSequence kept = test.Pipe.Reader.Retain(read.Slice(0, length));
        Assert.Equal(isCopied, !read.FirstSpan.Overlaps(kept.Sequence.FirstSpan));
        Assert.Equal(bytes[..length], kept.Sequence.ToArray());
        test.Pipe.Reader.AdvanceTo(read.End);
    }

    [Fact]
    public void Nothing_can_be_retained_but_what_was_read_last()
    {
        using RegionPipeUnderTest test = new();
        using RegionPipeUnderTest other = new();
        Assert.Throws<InvalidOperationException>(() => test.Pipe.Reader.Retain(default));
        test.Flush(64);
        other.Flush(64);
        ReadOnlySequence<byte> read = test.Read();
        Assert.Throws<InvalidOperationException>(() => other.Pipe.Reader.Retain(read));
        ReadOnlySequence<byte> others = other.Read();
        Assert.Throws<InvalidOperationException>(() => other.Pipe.Reader.Retain(read));
        Assert.Throws<InvalidOperationException>(() => other.Pipe.Reader.Retain(new ReadOnlySequence<byte>(new byte[4])));
        Assert.Equal(0, other.Pipe.Reader.Retain(others.Slice(others.End)).Length);
        other.Pipe.Reader.AdvanceTo(others.End);
        test.Pipe.Reader.AdvanceTo(read.End);
        Assert.Throws<InvalidOperationException>(() => test.Pipe.Reader.Retain(read));
    }

    [Fact]
    public void The_segment_is_back_in_the_pool_when_nobody_needs_it()
    {
        using RegionPipeUnderTest test = new();
        test.Flush(64);
        ReadOnlySequence<byte> read = test.Read();
        RetainedSequence first = test.Pipe.Reader.Retain(read);
        RetainedSequence second = test.Pipe.Reader.Retain(read.Slice(32));
        test.Pipe.Reader.AdvanceTo(read.End);
        test.Flush(64);
        test.Pipe.Reader.AdvanceTo(test.Read().Start);
        Assert.Equal(2, test.Rented);
        first.Dispose();
        first.Dispose();
        Assert.Equal(2, test.Rented);
        second.Dispose();
        Assert.Equal(1, test.Rented);
    }

    [Fact]
    public void Memory_of_it_throws_after_its_end_also_when_others_keep_the_bytes()
    {
        using RegionPipeUnderTest test = new();
        test.Flush(64);
        ReadOnlySequence<byte> read = test.Read();
        RetainedSequence kept = test.Pipe.Reader.Retain(read);
        using RetainedSequence other = kept.Share();
        test.Pipe.Reader.AdvanceTo(read.End);
        ReadOnlyMemory<byte> memory = kept.Sequence.First;
        kept.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.Span[0]);
        Assert.Throws<ObjectDisposedException>(() => memory.Pin());
        Assert.Throws<ObjectDisposedException>(() => kept.Sequence);
        Assert.Throws<ObjectDisposedException>(() => kept.Share());
        Assert.Throws<ObjectDisposedException>(() => kept.Slice(0, 1));
        Assert.Throws<ObjectDisposedException>(() => kept.AsStream());
        Assert.Equal(64, other.Sequence.ToArray().Length);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void The_share_below_which_parts_are_copied_is_from_0_to_1(double share)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => new RetainOptions { CopyBelow = share });
        Assert.Equal(share, error.ActualValue);
    }
}
