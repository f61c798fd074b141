namespace FastBuffers.Pipelines.Tests;

/// <summary>What is retained counts against the threshold at which a writer pauses.</summary>
public sealed class PinnedBytesTests
{
    [Fact]
    public void A_writer_waits_until_what_is_retained_is_disposed()
    {
        using RegionPipeUnderTest test = new(pause: 100, resume: 50);
        List<RetainedSequence> kept = [KeepNext(test), KeepNext(test)];

        // The second segment is the reader's until there is a third.
        test.Write(64);
        ValueTask<FlushResult> flush = test.Pipe.Writer.FlushAsync();
        Assert.False(flush.IsCompleted);
        test.Pipe.Reader.AdvanceTo(test.Read().End);
        Assert.False(flush.IsCompleted);
        kept[0].Dispose();
        Assert.False(flush.IsCompleted);
        kept[1].Dispose();
        Assert.True(flush.IsCompletedSuccessfully);
    }

    [Fact]
    public void Copies_count_too()
    {
        using RegionPipeUnderTest test = new(pause: 100, resume: 50, retain: new RetainOptions { CopyBelow = 1 });
        test.Flush(60);
        ReadOnlySequence<byte> read = test.Read();
        RetainedSequence[] kept = [test.Pipe.Reader.Retain(read), test.Pipe.Reader.Retain(read)];
        test.Pipe.Reader.AdvanceTo(read.End);
        test.Write(1);
        ValueTask<FlushResult> flush = test.Pipe.Writer.FlushAsync();
        Assert.False(flush.IsCompleted);
        test.Pipe.Reader.AdvanceTo(test.Read().End);
        kept[0].Dispose();
        Assert.False(flush.IsCompleted);
        kept[1].Dispose();
        Assert.True(flush.IsCompletedSuccessfully);
    }

    [Fact]
    public void It_does_not_count_if_the_options_say_so()
    {
        using RegionPipeUnderTest test = new(pause: 100, resume: 50, retain: new RetainOptions { CountsAgainstPauseThreshold = false });
        List<RetainedSequence> kept = [];
        for (int i = 0; i < 10; i++)
        {
            kept.Add(KeepNext(test));
        }

        kept.ForEach(static part => part.Dispose());
    }

    [Fact]
    public void What_was_retained_before_a_reset_does_not_count()
    {
        using RegionPipeUnderTest test = new(pause: 100, resume: 50);
        List<RetainedSequence> kept = [KeepNext(test), KeepNext(test)];
        test.Pipe.Writer.Complete();
        test.Pipe.Reader.Complete();
        test.Pipe.Reset();
        KeepNext(test).Dispose();
        kept.ForEach(static part => part.Dispose());
        List<RetainedSequence> again = [KeepNext(test), KeepNext(test)];
        test.Write(64);
        ValueTask<FlushResult> flush = test.Pipe.Writer.FlushAsync();
        Assert.False(flush.IsCompleted);
        again.ForEach(static part => part.Dispose());
        test.Pipe.Reader.AdvanceTo(test.Read().End);
        Assert.True(flush.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_reader_that_asks_for_more_than_that_has_the_writer_go_on()
    {
        using RegionPipeUnderTest test = new(pause: 100, resume: 50);
        using RetainedSequence first = KeepNext(test);
        using RetainedSequence second = KeepNext(test);
        test.Write(64);
        ValueTask<FlushResult> flush = test.Pipe.Writer.FlushAsync();
        Assert.False(flush.IsCompleted);
        ValueTask<ReadResult> read = test.Pipe.Reader.ReadAtLeastAsync(100);
        Assert.True(flush.IsCompletedSuccessfully);
        test.Flush(64);
        Assert.True(read.IsCompletedSuccessfully);
        test.Pipe.Reader.AdvanceTo(read.Result.Buffer.End);
    }

    private static RetainedSequence KeepNext(RegionPipeUnderTest test)
    {
        test.Write(64);
        Assert.True(test.Pipe.Writer.FlushAsync().IsCompletedSuccessfully);
        ReadOnlySequence<byte> read = test.Read();
        RetainedSequence kept = test.Pipe.Reader.Retain(read);
        test.Pipe.Reader.AdvanceTo(read.End);
        return kept;
    }
}
