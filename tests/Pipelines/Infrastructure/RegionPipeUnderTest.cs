using FastBuffers.Locking;

namespace FastBuffers.Pipelines.Tests;

/// <summary>A pipe on a pool of its own, which has everything back at the end.</summary>
internal sealed class RegionPipeUnderTest : IDisposable
{
    private byte _next;

    public RegionPipeUnderTest(long pause = 0, long resume = 0, int segment = 64, RetainOptions? retain = null)
    {
        Pipe = new RegionPipe(PipeUnderTest.Options(pause, resume, segment, Pool.AsMemoryPool()), retain);
    }

    public RegionPool Pool { get; } = new();

    public RegionPipe Pipe { get; }

    public long Rented => Pool.Statistics.Rents - Pool.Statistics.Returns;

    /// <summary>Writes that many bytes, each one more than that before it.</summary>
    public byte[] Write(int count)
    {
        byte[] bytes = Bytes(count);
        bytes.CopyTo(Pipe.Writer.GetSpan(count));
        Pipe.Writer.Advance(count);
        return bytes;
    }

    public byte[] Flush(int count)
    {
        byte[] bytes = Write(count);
        _ = Pipe.Writer.FlushAsync().IsCompleted;
        return bytes;
    }

    /// <summary>An Immutable lease of the pool.</summary>
    public Lease Rent(int count, out byte[] bytes)
    {
        Lease lease = Pool.Rent(count);
        bytes = Bytes(count);
        bytes.CopyTo(lease.Span);
        return lease.Downgrade(HoldKind.Immutable);
    }

    public ReadOnlySequence<byte> Read()
    {
        Assert.True(Pipe.Reader.TryRead(out ReadResult result));
        return result.Buffer;
    }

    /// <summary>Completes the pipe; then nothing is rented any more.</summary>
    public void Dispose()
    {
        Pipe.Writer.Complete();
        Pipe.Reader.Complete();
        Assert.Equal(0, Rented);
        Pool.Dispose();
    }

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        foreach (ref byte value in bytes.AsSpan())
        {
            value = _next++;
        }

        return bytes;
    }
}
