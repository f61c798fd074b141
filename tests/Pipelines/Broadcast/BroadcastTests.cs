namespace FastBuffers.Pipelines.Tests;

/// <summary>One writes, several read.</summary>
public sealed class BroadcastTests : IDisposable
{
    private readonly RegionPool _pool = new();
    private readonly RegionBroadcast _broadcast;
    private readonly List<RegionPipeReader> _readers = [];

    public BroadcastTests() => _broadcast = new RegionBroadcast(PipeUnderTest.Options(segment: 64, pool: _pool.AsMemoryPool()));

    [Fact]
    public void All_read_the_same_bytes_where_they_are()
    {
        RegionPipeReader[] readers = [Subscribe(), Subscribe(), Subscribe()];
        Flush(1, 2, 3);
        ReadOnlySequence<byte>[] read = [.. readers.Select(Read)];
        Assert.All(read, static bytes => Assert.Equal([1, 2, 3], bytes.ToArray()));
        Assert.True(read[0].FirstSpan == read[1].FirstSpan);
        Assert.Equal(1, Rented);
    }

    [Fact]
    public void A_reader_gets_what_is_flushed_after_it_came()
    {
        RegionPipeReader first = Subscribe();
        Flush(1);
        Write(2);
        RegionPipeReader second = Subscribe();
        Flush(3);
        Assert.Equal([1, 2, 3], Read(first).ToArray());
        Assert.Equal([2, 3], Read(second).ToArray());
    }

    [Fact]
    public void A_reader_that_comes_amid_a_long_write_gets_all_of_it()
    {
        byte[] bytes = [.. Enumerable.Range(0, 200).Select(static value => (byte)value)];
        foreach (byte[] part in bytes.Chunk(50))
        {
            Write(part);
        }

        RegionPipeReader reader = Subscribe();
        Flush();
        Assert.Equal(bytes, Read(reader).ToArray());
    }

    [Fact]
    public void Segments_are_given_back_by_the_last_reader()
    {
        RegionPipeReader fast = Subscribe();
        RegionPipeReader slow = Subscribe();
        for (byte i = 0; i < 20; i++)
        {
            Flush([.. Enumerable.Repeat(i, 64)]);
            Consume(fast);
        }

        Assert.True(Rented >= 20);
        for (byte i = 0; i < 19; i++)
        {
            ReadOnlySequence<byte> read = Read(slow);
            Assert.Equal(i, read.FirstSpan[0]);
            slow.AdvanceTo(read.GetPosition(64));
        }

        Assert.True(Rented <= 2);
        Consume(slow);
    }

    [Fact]
    public void Without_readers_nothing_is_kept()
    {
        for (int i = 0; i < 20; i++)
        {
            Flush(new byte[64]);
        }

        Assert.True(Rented <= 1);
        RegionPipeReader reader = Subscribe();
        Flush(1);
        Assert.Equal([1], Read(reader).ToArray());
    }

    [Fact]
    public void A_reader_that_leaves_lets_go_of_its_segments()
    {
        RegionPipeReader stays = Subscribe();
        RegionPipeReader leaves = Subscribe();
        for (int i = 0; i < 20; i++)
        {
            Flush(new byte[64]);
            Consume(stays);
        }

        leaves.Complete();
        Assert.True(Rented <= 2);
        Flush(7);
        Assert.Equal([7], Read(stays).ToArray());
    }

    [Fact]
    public void The_end_comes_to_all_after_the_bytes()
    {
        RegionPipeReader reader = Subscribe();
        RegionPipeReader waiting = Subscribe();
        ValueTask<ReadResult> read = waiting.ReadAsync(TestContext.Current.CancellationToken);
        Write(1);
        _broadcast.Writer.Complete();
        Assert.Equal([1], read.Result.Buffer.ToArray());
        Assert.True(reader.TryRead(out ReadResult result));
        Assert.True(result.IsCompleted);
        Assert.Equal([1], result.Buffer.ToArray());
        reader.AdvanceTo(result.Buffer.End);
        Assert.True(Subscribe().TryRead(out ReadResult late));
        Assert.True(late.IsCompleted);
        Assert.True(late.Buffer.IsEmpty);
        Assert.Throws<InvalidOperationException>(() => _broadcast.Writer.GetMemory());
    }

    [Fact]
    public void An_error_comes_to_all()
    {
        RegionPipeReader reader = Subscribe();
        _broadcast.Writer.Complete(new IOException("x"));
        Assert.Throws<IOException>(() => reader.TryRead(out _));
        Assert.Throws<IOException>(() => Subscribe().TryRead(out _));
    }

    [Fact]
    public void A_part_is_retained()
    {
        RegionPipeReader reader = Subscribe();
        Flush([.. Enumerable.Repeat((byte)5, 64)]);
        ReadOnlySequence<byte> read = Read(reader);
        RetainedSequence kept = reader.Retain(read);
        reader.AdvanceTo(read.End);
        Flush(new byte[64]);
        Flush(new byte[64]);
        Consume(reader);
        Assert.Equal(Enumerable.Repeat((byte)5, 64), kept.Sequence.ToArray());
        long rented = Rented;
        kept.Dispose();
        Assert.Equal(rented - 1, Rented);
    }

    [Fact]
    public void Flushes_wait_for_the_slowest_reader()
    {
        RegionPipeReader fast = Subscribe();
        RegionPipeReader slow = Subscribe(new BroadcastReaderOptions { MaxUnreadBytes = 100 });
        Flush(new byte[64]);
        Write(new byte[64]);
        ValueTask<FlushResult> flush = _broadcast.Writer.FlushAsync(TestContext.Current.CancellationToken);
        Consume(fast);
        Assert.False(flush.IsCompleted);
        Consume(slow);
        Assert.True(flush.IsCompletedSuccessfully);
        Assert.False(flush.Result.IsCanceled);
    }

    [Fact]
    public void A_flush_that_waits_is_cancelled_or_goes_on_without_the_reader()
    {
        RegionPipeReader slow = Subscribe(new BroadcastReaderOptions { MaxUnreadBytes = 1 });
        RegionPipeReader slower = Subscribe(new BroadcastReaderOptions { MaxUnreadBytes = 1 });
        ValueTask<FlushResult> flush = FlushAsync(TestContext.Current.CancellationToken, 1);
        _broadcast.Writer.CancelPendingFlush();
        Assert.True(flush.Result.IsCanceled);
        using CancellationTokenSource source = new();
        flush = FlushAsync(source.Token, 2);
        Consume(slow);
        Assert.False(flush.IsCompleted);
        Consume(slower);
        Assert.False(flush.Result.IsCanceled);
        flush = FlushAsync(source.Token, 3);
        source.Cancel();
        Assert.True(flush.IsCanceled);
        Assert.True(FlushAsync(source.Token).IsCanceled);
        Consume(slow);
        Consume(slower);
        flush = FlushAsync(TestContext.Current.CancellationToken, 4);
        slow.Complete(new IOException());
        Assert.False(flush.IsCompleted);
        slower.Complete();
        Assert.True(flush.IsCompletedSuccessfully);
        Assert.False(flush.Result.IsCanceled);
    }

    [Fact]
    public void A_reader_that_is_too_slow_is_dropped()
    {
        RegionPipeReader fast = Subscribe();
        RegionPipeReader slow = Subscribe(new BroadcastReaderOptions { MaxUnreadBytes = 100, SlowReader = SlowReaderPolicy.DropReader });
        RegionPipeReader reading = Subscribe(new BroadcastReaderOptions { MaxUnreadBytes = 100, SlowReader = SlowReaderPolicy.DropReader });
        Flush([.. Enumerable.Repeat((byte)1, 64)]);
        ReadOnlySequence<byte> read = Read(reading);
        for (int i = 0; i < 10; i++)
        {
            Flush(new byte[64]);
            Consume(fast);
        }

        Assert.Throws<BroadcastReaderDroppedException>(() => slow.TryRead(out _));
        Assert.Equal(Enumerable.Repeat((byte)1, 64), read.ToArray());
        Assert.True(Rented <= 3);
        reading.AdvanceTo(read.End);
        Assert.True(Rented <= 2);
        Assert.Throws<BroadcastReaderDroppedException>(() => reading.TryRead(out _));
        reading.Complete();
        Flush(7);
        Assert.Equal([7], Read(fast).ToArray());
    }

    [Fact]
    public void The_oldest_bytes_are_left_out_flush_by_flush()
    {
        RegionPipeReader slow = Subscribe(new BroadcastReaderOptions { MaxUnreadBytes = 100, SlowReader = SlowReaderPolicy.DropOldest });
        for (byte i = 0; i < 50; i++)
        {
            Flush([.. Enumerable.Repeat(i, 30)]);
            Assert.True(Rented <= 5);
        }

        ReadOnlySequence<byte> read = Read(slow);
        Assert.Equal(47 * 30, slow.DroppedBytes);
        Assert.Equal([.. Enumerable.Repeat((byte)47, 30), .. Enumerable.Repeat((byte)48, 30), .. Enumerable.Repeat((byte)49, 30)], read.ToArray());

        // What is being read stays.
        for (byte i = 50; i < 100; i++)
        {
            Flush([.. Enumerable.Repeat(i, 30)]);
            Assert.True(Rented <= 8);
        }

        Assert.Equal(90, read.ToArray().Length);
        slow.AdvanceTo(read.GetPosition(30));

        // All but what it consumed, and what is left.
        Assert.Equal((100 * 30) - 30 - 90, slow.DroppedBytes);
        read = Read(slow);
        Assert.Equal([.. Enumerable.Repeat((byte)97, 30), .. Enumerable.Repeat((byte)98, 30), .. Enumerable.Repeat((byte)99, 30)], read.ToArray());
        slow.AdvanceTo(read.End);
    }

    [Fact]
    public void Options_outside_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BroadcastReaderOptions { MaxUnreadBytes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BroadcastReaderOptions { SlowReader = (SlowReaderPolicy)3 });
    }

    public void Dispose()
    {
        _broadcast.Writer.Complete();
        _readers.ForEach(static reader => reader.Complete());
        Assert.Equal(0, Rented);
        _pool.Dispose();
    }

    private long Rented => _pool.Statistics.Rents - _pool.Statistics.Returns;

    private static ReadOnlySequence<byte> Read(RegionPipeReader reader)
    {
        Assert.True(reader.TryRead(out ReadResult result));
        return result.Buffer;
    }

    private static void Consume(RegionPipeReader reader) => reader.AdvanceTo(Read(reader).End);

    private RegionPipeReader Subscribe(BroadcastReaderOptions? options = null)
    {
        RegionPipeReader reader = _broadcast.Subscribe(options);
        _readers.Add(reader);
        return reader;
    }

    private void Write(params byte[] bytes)
    {
        bytes.CopyTo(_broadcast.Writer.GetSpan(bytes.Length));
        _broadcast.Writer.Advance(bytes.Length);
    }

    private ValueTask<FlushResult> FlushAsync(CancellationToken token, params byte[] bytes)
    {
        Write(bytes);
        return _broadcast.Writer.FlushAsync(token);
    }

    private void Flush(params byte[] bytes) => Assert.True(FlushAsync(default, bytes).IsCompletedSuccessfully);
}
