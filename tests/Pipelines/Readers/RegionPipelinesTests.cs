using FastBuffers.Locking;

namespace FastBuffers.Pipelines.Tests;

/// <summary>Pipe readers of regions.</summary>
public sealed class RegionPipelinesTests
{
    [Fact]
    public async Task A_region_is_held_until_its_reader_is_completed()
    {
        using Region region = Filled(100);
        PipeReader reader = RegionPipelines.CreateReader(region);
        Assert.False(region.TryTake(HoldKind.Write, out _));
        using MemoryStream copy = new();
        await reader.CopyToAsync(copy, TestContext.Current.CancellationToken);
        Assert.Equal(Bytes(0, 100), copy.ToArray());
        await reader.CompleteAsync();
        await reader.CompleteAsync();
        region.Take(HoldKind.Exclusive).Dispose();
        Assert.Throws<InvalidOperationException>(() => reader.TryRead(out _));
    }

    [Fact]
    public void A_slice_holds_no_more_than_itself()
    {
        using Region region = Filled(100);
        PipeReader reader = RegionPipelines.CreateReader(region.Slice(10, 20));
        region.Slice(0, 10).Take(HoldKind.Write).Dispose();
        Assert.False(region.Slice(29, 1).TryTake(HoldKind.Write, out _));
        Assert.True(reader.TryRead(out ReadResult result));
        Assert.True(result.IsCompleted);
        Assert.Equal(Bytes(10, 20), result.Buffer.ToArray());
        reader.AdvanceTo(result.Buffer.GetPosition(5));
        Assert.True(reader.TryRead(out result));
        Assert.Equal(Bytes(15, 15), result.Buffer.ToArray());
        ReadOnlyMemory<byte> late = result.Buffer.First;
        reader.Complete();
        Assert.Throws<ObjectDisposedException>(() => late.Span[0]);
    }

    [Fact]
    public void Cancellation_is_that_of_a_pipe_reader()
    {
        using Region region = Filled(10);
        PipeReader reader = RegionPipelines.CreateReader(region);
        Assert.True(reader.ReadAsync(new CancellationToken(canceled: true)).IsCanceled);
        reader.CancelPendingRead();
        Assert.True(reader.TryRead(out ReadResult result));
        Assert.True(result.IsCanceled);
        reader.Complete();
    }

    [Fact]
    public void What_cannot_be_read_is_refused()
    {
        using Region region = Filled(10);
        using (region.Take(HoldKind.Write))
        {
            Assert.Throws<BufferConflictException>(() => RegionPipelines.CreateReader(region));
        }

        Lease write = region.Take(HoldKind.Write);
        Assert.Throws<ArgumentException>(() => RegionPipelines.CreateReader(write));
        Assert.True(write.IsReleased);
        Assert.Throws<ArgumentNullException>(() => RegionPipelines.CreateReader((Region)null!));
        Assert.Throws<ArgumentNullException>(() => RegionPipelines.CreateReader((RetainedSequence)null!));
    }

    private static byte[] Bytes(int start, int count) => [.. Enumerable.Range(start, count).Select(static value => (byte)value)];

    private static Region Filled(int length)
    {
        Region region = Region.Allocate(length);
        using Lease write = region.Take(HoldKind.Write);
        Bytes(0, length).CopyTo(write.Span);
        return region;
    }
}
