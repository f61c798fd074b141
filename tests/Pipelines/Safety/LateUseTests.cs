namespace FastBuffers.Pipelines.Tests;

/// <summary>Memory that is used later than it may be.</summary>
public sealed class LateUseTests
{
    [Fact]
    public void What_was_read_throws_once_its_segment_is_given_back()
    {
        using RegionPipeUnderTest test = new();
        test.Write(64);
        test.Flush(64);
        ReadOnlySequence<byte> read = test.Read();
        ReadOnlyMemory<byte> memory = read.First;
        test.Pipe.Reader.AdvanceTo(read.GetPosition(100));
        Assert.Throws<ObjectDisposedException>(() => memory.Span[0]);
        Assert.Throws<ObjectDisposedException>(() => memory.Pin());
        Assert.Throws<ObjectDisposedException>(() => read.FirstSpan[0]);
        Assert.Throws<ObjectDisposedException>(() => read.ToArray());
    }

    [Fact]
    public void It_throws_also_when_the_block_is_rented_out_again()
    {
        using RegionPipeUnderTest test = new();
        List<ReadOnlyMemory<byte>> late = [];
        for (int i = 0; i < 100; i++)
        {
            test.Flush(64);
            ReadOnlySequence<byte> read = test.Read();
            late.Add(read.First);
            test.Pipe.Reader.AdvanceTo(read.End);
        }

        late.RemoveAt(late.Count - 1);
        Assert.All(late, static memory => Assert.Throws<ObjectDisposedException>(() => memory.Span[0]));
    }

    [Fact]
    public void What_was_read_throws_after_the_pipe_has_ended()
    {
        RegionPipeUnderTest test = new();
        test.Flush(10);
        ReadOnlyMemory<byte> memory = test.Read().First;
        test.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.Span[0]);
    }

    [Fact]
    public void A_window_written_late_does_not_change_published_bytes()
    {
        using RegionPipeUnderTest test = new(segment: 64);
        for (int count = 1; count <= 64; count++)
        {
            Memory<byte> window = test.Pipe.Writer.GetMemory(count);
            byte[] bytes = test.Flush(count);
            try
            {
                window.Span.Fill(0xEE);
            }
            catch (Exception error) when (error is ObjectDisposedException or ArgumentOutOfRangeException)
            {
                // It has ended.
            }

            ReadOnlySequence<byte> read = test.Read();
            Assert.Equal(bytes, read.ToArray());
            test.Pipe.Reader.AdvanceTo(read.End);
        }
    }

    [Fact]
    public void A_window_throws_after_the_pipe_has_ended()
    {
        RegionPipeUnderTest test = new();
        Memory<byte> window = test.Pipe.Writer.GetMemory();
        test.Dispose();
        Assert.Throws<InvalidOperationException>(() => window.Span[0]);
        Assert.Throws<InvalidOperationException>(() => window.Pin());
    }

    [Fact]
    public void A_window_may_be_advanced_step_by_step()
    {
        using RegionPipeUnderTest test = new();
        Memory<byte> window = test.Pipe.Writer.GetMemory(10);
        for (byte i = 0; i < 10; i++)
        {
            window.Span[i] = i;
            test.Pipe.Writer.Advance(1);
        }

        _ = test.Pipe.Writer.FlushAsync().IsCompleted;
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], test.Read().ToArray());
    }

    [Fact]
    public async Task Two_reads_at_a_time_are_refused()
    {
        using RegionPipeUnderTest test = new();
        ValueTask<ReadResult> waiting = test.Pipe.Reader.ReadAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await test.Pipe.Reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Throws<InvalidOperationException>(() => test.Pipe.Reader.TryRead(out _));
        test.Flush(1);
        await waiting;
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await test.Pipe.Reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Throws<InvalidOperationException>(() => test.Pipe.Reader.TryRead(out _));
    }

    [Fact]
    public void A_pin_keeps_what_was_read()
    {
        using RegionPipeUnderTest test = new();
        byte[] bytes = test.Flush(64);
        ReadOnlySequence<byte> read = test.Read();
        MemoryHandle pin = read.First.Pin();
        test.Pipe.Reader.AdvanceTo(read.End);
        test.Pipe.Writer.Complete();
        test.Pipe.Reader.Complete();
        Assert.Equal(1, test.Rented);
        unsafe
        {
            Assert.Equal(bytes, new ReadOnlySpan<byte>(pin.Pointer, 64).ToArray());
        }

        pin.Dispose();
    }
}
