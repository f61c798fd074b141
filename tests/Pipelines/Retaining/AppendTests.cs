using FastBuffers.Locking;

namespace FastBuffers.Pipelines.Tests;

/// <summary>Bytes that are spliced into what a writer writes.</summary>
public sealed class AppendTests
{
    [Fact]
    public void What_is_appended_is_read_where_it_is_in_its_place()
    {
        using RegionPipeUnderTest test = new(segment: 1024);
        byte[] before = test.Write(10);
        Lease lease = test.Rent(100, out byte[] value);
        nint address = Address(lease.ReadOnlySpan);
        test.Pipe.Writer.Append(lease);
        Assert.Equal(110, test.Pipe.Writer.UnflushedBytes);
        byte[] after = test.Flush(10);
        ReadOnlySequence<byte> read = test.Read();
        Assert.Equal([.. before, .. value, .. after], read.ToArray());
        Assert.Equal(address, Address(read.Slice(10, 1).FirstSpan));

        // The bytes after it are in the segment of those before it.
        Assert.Equal(2, test.Rented);
        test.Pipe.Reader.AdvanceTo(read.End);
    }

    [Fact]
    public void Nothing_but_appended_bytes_goes_through_a_pipe()
    {
        using RegionPipeUnderTest test = new();
        for (int i = 0; i < 5; i++)
        {
            test.Pipe.Writer.Append(test.Rent(30, out byte[] first));
            test.Pipe.Writer.Append(test.Rent(40, out byte[] second));
            Assert.True(test.Pipe.Writer.FlushAsync().IsCompletedSuccessfully);
            ReadOnlySequence<byte> read = test.Read();
            Assert.Equal([.. first, .. second], read.ToArray());
            test.Pipe.Reader.AdvanceTo(read.End);
        }

        // The last one is the reader's until something comes after it.
        Assert.Equal(1, test.Rented);
    }

    [Fact]
    public void What_one_pipe_read_goes_on_through_another()
    {
        using RegionPipeUnderTest source = new(retain: new RetainOptions { CopyBelow = 0 });
        using RegionPipeUnderTest target = new();
        byte[] bytes = [.. source.Write(60), .. source.Write(60), .. source.Flush(60)];
        ReadOnlySequence<byte> read = source.Read();
        RetainedSequence kept = source.Pipe.Reader.Retain(read.Slice(30, 100));
        source.Pipe.Reader.AdvanceTo(read.End);
        target.Pipe.Writer.Append(kept);
        Assert.Throws<ObjectDisposedException>(() => kept.Sequence);
        Assert.Throws<ObjectDisposedException>(() => target.Pipe.Writer.Append(kept));
        kept.Dispose();
        target.Flush(1);
        ReadOnlySequence<byte> arrived = target.Read();
        Assert.Equal(bytes[30..130], arrived.Slice(0, 100).ToArray());

        // Of what was spliced in, a part is retained again.
        using RetainedSequence again = target.Pipe.Reader.Retain(arrived.Slice(50, 50));
        target.Pipe.Reader.AdvanceTo(arrived.End);
        target.Pipe.Writer.Complete();
        target.Pipe.Reader.Complete();
        Assert.Equal(bytes[80..130], again.Sequence.ToArray());
    }

    [Fact]
    public void A_part_of_a_region_can_be_appended()
    {
        using RegionPipeUnderTest test = new();
        using Region region = Region.Allocate(100);
        using (Lease write = region.Take(HoldKind.Write))
        {
            write.Span.Fill(7);
        }

        test.Pipe.Writer.Append(region.Slice(40, 20).Take(HoldKind.Immutable));
        _ = test.Pipe.Writer.FlushAsync().IsCompleted;
        Assert.False(region.TryTake(HoldKind.Write, out _));
        ReadOnlySequence<byte> read = test.Read();
        Assert.Equal(20, read.Length);
        Assert.Equal(7, read.FirstSpan[19]);
        test.Pipe.Reader.AdvanceTo(read.End);
        test.Pipe.Writer.Complete();
        test.Pipe.Reader.Complete();
        region.Take(HoldKind.Write).Dispose();
    }

    [Theory]
    [InlineData(HoldKind.Read)]
    [InlineData(HoldKind.Write)]
    [InlineData(HoldKind.Exclusive)]
    public void A_lease_of_another_kind_is_refused_and_disposed(HoldKind kind)
    {
        using RegionPipeUnderTest test = new();
        using Region region = Region.Allocate(100);
        Lease lease = region.Take(kind);
        ArgumentException error = Assert.Throws<ArgumentException>(() => test.Pipe.Writer.Append(lease));
        Assert.Contains(kind.ToString(), error.Message, StringComparison.Ordinal);
        Assert.True(lease.IsReleased);
        Assert.Equal(0, test.Pipe.Writer.UnflushedBytes);
    }

    [Fact]
    public void Released_leases_are_refused()
    {
        using RegionPipeUnderTest test = new();
        Lease lease = test.Rent(10, out _);
        lease.Dispose();
        Assert.Throws<ObjectDisposedException>(() => test.Pipe.Writer.Append(lease));
        Assert.Throws<ObjectDisposedException>(() => test.Pipe.Writer.Append(default(Lease)));
        Assert.Throws<ArgumentNullException>(() => test.Pipe.Writer.Append(null!));
    }

    [Fact]
    public void The_pipe_owns_the_lease_whatever_becomes_of_it()
    {
        using RegionPipeUnderTest test = new(pause: 10, resume: 5);
        test.Pipe.Writer.Append(test.Rent(20, out byte[] value));
        test.Pipe.Writer.CancelPendingFlush();
        Assert.True(test.Pipe.Writer.FlushAsync().Result.IsCanceled);
        Assert.Equal(value, test.Read().ToArray());
        test.Pipe.Reader.Complete();

        // Nobody will read it.
        test.Pipe.Writer.Append(test.Rent(20, out _));
        Assert.Equal(1, test.Rented);
        test.Pipe.Writer.Append(RetainedSequence.Create(test.Rent(20, out _)));
        Assert.Equal(1, test.Rented);
        test.Pipe.Writer.Complete();
        Assert.Equal(0, test.Rented);

        Lease late = test.Rent(20, out _);
        Assert.Throws<InvalidOperationException>(() => test.Pipe.Writer.Append(late));
        Assert.True(late.IsReleased);
    }

    [Fact]
    public void Unflushed_leases_are_given_back_when_the_pipe_ends()
    {
        RegionPipeUnderTest test = new();
        test.Write(10);
        test.Pipe.Writer.Append(test.Rent(20, out _));
        test.Write(10);
        test.Pipe.Writer.Append(test.Rent(20, out _));
        test.Dispose();
    }

    [Fact]
    public void A_window_from_before_cannot_be_advanced()
    {
        using RegionPipeUnderTest test = new(segment: 1024);
        Memory<byte> window = test.Pipe.Writer.GetMemory(100);
        test.Pipe.Writer.Append(test.Rent(20, out byte[] value));
        Assert.Throws<ArgumentOutOfRangeException>(() => test.Pipe.Writer.Advance(1));
        _ = test.Pipe.Writer.FlushAsync().IsCompleted;
        window.Span.Clear();
        Assert.Equal(value, test.Read().ToArray());
    }

    private static unsafe nint Address(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* address = bytes)
        {
            return (nint)address;
        }
    }
}
