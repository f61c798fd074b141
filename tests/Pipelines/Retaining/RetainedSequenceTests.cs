using FastBuffers.Locking;

namespace FastBuffers.Pipelines.Tests;

/// <summary>Sequences made of leases.</summary>
public sealed class RetainedSequenceTests : IDisposable
{
    private readonly RegionPool _pool = new();

    [Fact]
    public void The_bytes_of_leases_one_after_the_other()
    {
        using RetainedSequence sequence = RetainedSequence.Create(Rent(1, 2, 3), Rent(4), Rent(5, 6));
        Assert.Equal([1, 2, 3, 4, 5, 6], sequence.Sequence.ToArray());
        Assert.Equal(6, sequence.Length);
        for (int start = 0; start <= 6; start++)
        {
            for (int length = 0; length <= 6 - start; length++)
            {
                using RetainedSequence slice = sequence.Slice(start, length);
                Assert.Equal(Enumerable.Range(1 + start, length).Select(static value => (byte)value), slice.Sequence.ToArray());
            }
        }
    }

    [Fact]
    public void No_bytes_at_all()
    {
        using RetainedSequence sequence = RetainedSequence.Create();
        Assert.True(sequence.Sequence.IsEmpty);
        Assert.Equal(0, sequence.Share().Length);
        Assert.Equal(-1, sequence.AsStream(leaveOpen: true).ReadByte());
    }

    [Fact]
    public void A_share_keeps_the_bytes()
    {
        RetainedSequence sequence = RetainedSequence.Create(Rent(1, 2, 3));
        RetainedSequence share = sequence.Share();
        sequence.Dispose();
        Assert.Equal([1, 2, 3], share.Sequence.ToArray());
        Assert.Equal(1, _pool.Statistics.Rents - _pool.Statistics.Returns);
        share.Dispose();
        Assert.Equal(0, _pool.Statistics.Rents - _pool.Statistics.Returns);
    }

    [Fact]
    public void All_leases_are_disposed_when_one_is_refused()
    {
        Lease[] leases = [Rent(1), _pool.Rent(1), Rent(2)];
        Assert.Throws<ArgumentException>(() => RetainedSequence.Create(leases));
        Assert.All(leases, static lease => Assert.True(lease.IsReleased));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(4, 0)]
    [InlineData(0, -1)]
    [InlineData(2, 2)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(1, long.MaxValue)]
    public void A_slice_is_inside(long start, long length)
    {
        using RetainedSequence sequence = RetainedSequence.Create(Rent(1, 2, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => sequence.Slice(start, length));
    }

    [Fact]
    public void A_pin_keeps_the_bytes_also_after_the_end()
    {
        RetainedSequence sequence = RetainedSequence.Create(Rent(1, 2, 3));
        MemoryHandle pin = sequence.Sequence.First[1..].Pin();
        sequence.Dispose();
        Assert.Equal(1, _pool.Statistics.Rents - _pool.Statistics.Returns);
        unsafe
        {
            Assert.Equal(2, *(byte*)pin.Pointer);
        }

        pin.Dispose();
    }

    [Fact]
    public async Task A_stream_reads_it()
    {
        RetainedSequence sequence = RetainedSequence.Create(Rent(1, 2, 3), Rent(4, 5));
        Stream stream = sequence.AsStream();
        Assert.Equal(5, stream.Length);
        Assert.Equal(1, stream.ReadByte());
        byte[] rest = new byte[10];
        Assert.Equal(4, await stream.ReadAsync(rest, TestContext.Current.CancellationToken));
        Assert.Equal([2, 3, 4, 5], rest[..4]);
        Assert.Equal(0, stream.Read(rest));
        Assert.Equal(3, stream.Seek(-2, SeekOrigin.End));
        using MemoryStream copy = new();
        await stream.CopyToAsync(copy, TestContext.Current.CancellationToken);
        Assert.Equal([4, 5], copy.ToArray());
        Assert.Throws<IOException>(() => stream.Seek(-1, SeekOrigin.Begin));
        stream.Position = 100;
        Assert.Equal(-1, stream.ReadByte());
        Assert.Throws<NotSupportedException>(() => stream.WriteByte(1));
        await stream.DisposeAsync();
        await stream.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => sequence.Sequence);
        Assert.Throws<ObjectDisposedException>(() => stream.ReadByte());
    }

    [Fact]
    public async Task Shares_taken_while_it_is_disposed_are_whole_or_refused()
    {
        for (int round = 0; round < 2_000; round++)
        {
            RetainedSequence sequence = RetainedSequence.Create(Rent(1), Rent(2), Rent(3));
            Task sharing = Task.Run(() =>
            {
                try
                {
                    using RetainedSequence share = sequence.Share();
                    Assert.Equal([1, 2, 3], share.Sequence.ToArray());
                }
                catch (ObjectDisposedException)
                {
                    // It came too late.
                }
            });
            sequence.Dispose();
            await sharing;
        }

        Assert.Equal(0, _pool.Statistics.Rents - _pool.Statistics.Returns);
    }

    public void Dispose()
    {
        Assert.Equal(0, _pool.Statistics.Rents - _pool.Statistics.Returns);
        _pool.Dispose();
    }

    private Lease Rent(params ReadOnlySpan<byte> bytes)
    {
        Lease lease = _pool.Rent(bytes.Length);
        bytes.CopyTo(lease.Span);
        return lease.Downgrade(HoldKind.Immutable);
    }
}
