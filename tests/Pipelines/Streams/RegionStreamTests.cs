using CsCheck;

namespace FastBuffers.Pipelines.Tests;

/// <summary>Streams in memory, beside <see cref="MemoryStream"/>.</summary>
public sealed class RegionStreamTests : IDisposable
{
    private readonly RegionPool _pool = new();

    [Fact]
    public void Random_programs_do_the_same_on_a_MemoryStream() =>
        Gen.Select(Gen.Int[0, 8], Gen.Int[0, 20_000], Gen.Int[0, 20_000]).Array[1, 40].Sample(
            steps =>
            {
                using RegionStream stream = new(_pool);
                using MemoryStream model = new();
                foreach ((int step, int first, int second) in steps)
                {
                    Assert.Equal(Do(model, step, first, second), Do(stream, step, first, second));
                    Assert.Equal((model.Length, model.Position), (stream.Length, stream.Position));
                }

                Assert.Equal(model.ToArray(), stream.ToArray());
                using RetainedSequence detached = stream.Detach();
                Assert.Equal(model.ToArray(), detached.Sequence.ToArray());
                Assert.Equal(0, stream.Length);
            },
            iter: 2_000,
            threads: 1);

    [Fact]
    public void Blocks_grow_with_the_stream_and_go_when_it_is_shortened()
    {
        using RegionStream stream = new(_pool);
        stream.WriteByte(1);
        Assert.Equal(4096, stream.Capacity);
        stream.SetLength(10 << 20);
        Assert.InRange(_pool.Statistics.Rents, 10, 25);
        Assert.Equal(0, stream.ToArray().AsSpan(1).IndexOfAnyExcept((byte)0) + 1);
        stream.SetLength(4096);
        Assert.Equal(1, Rented);
        stream.SetLength(0);
        Assert.Equal(0, Rented);
    }

    [Fact]
    public void What_was_shortened_comes_back_as_zeros()
    {
        using RegionStream stream = new(_pool);
        stream.Write([1, 2, 3, 4]);
        stream.SetLength(1);
        stream.SetLength(4);
        Assert.Equal([1, 0, 0, 0], stream.ToArray());
    }

    [Fact]
    public void What_was_detached_stays_and_the_stream_begins_anew()
    {
        RegionStream stream = new(_pool);
        stream.Write([1, 2, 3]);
        RetainedSequence first = stream.Detach();
        stream.Write([4]);
        Assert.Equal([4], stream.ToArray());
        stream.Dispose();
        Assert.Equal([1, 2, 3], first.Sequence.ToArray());
        first.Dispose();
    }

    [Fact]
    public void What_is_used_after_the_end_throws()
    {
        RegionStream stream = new(_pool);
        stream.Write([1]);
        ReadOnlyMemory<byte> memory = stream.Sequence.First;
        stream.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.Span[0]);
        Assert.Throws<ObjectDisposedException>(() => stream.Length);
        Assert.Throws<ObjectDisposedException>(() => stream.ReadByte());
        Assert.Throws<ObjectDisposedException>(() => stream.WriteByte(1));
        Assert.Throws<ObjectDisposedException>(() => stream.SetLength(1));
        Assert.Throws<ObjectDisposedException>(() => stream.Detach());
        Assert.False(stream.CanRead || stream.CanWrite || stream.CanSeek);
    }

    [Fact]
    public void A_second_dispose_is_reported_and_harmless()
    {
        RegionStream stream = new(_pool);
        stream.Write([1]);
        stream.Dispose();
        Assert.Equal(0, _pool.Statistics.DoubleReturns);
        stream.Dispose();
        Assert.Equal(1, _pool.Statistics.DoubleReturns);
        Assert.Equal(0, Rented);
    }

    [Fact]
    public void A_pool_without_memory_leaves_the_stream_as_it_was()
    {
        using RegionPool small = new(new RegionPoolOptions { MaxBytes = 16_384 });
        using RegionStream stream = new(small);
        stream.Write([1, 2, 3]);
        Assert.Throws<PoolExhaustedException>(() => stream.Write(new byte[100_000]));
        Assert.Throws<PoolExhaustedException>(() => stream.SetLength(100_000));
        Assert.Equal([1, 2, 3], stream.ToArray());
        Assert.Throws<PoolExhaustedException>(() => new RegionStream(small, 100_000));
    }

    [Fact]
    public void What_does_not_make_sense_is_refused()
    {
        using RegionStream stream = new(_pool);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegionStream(_pool, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Position = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.SetLength(-1));
        Assert.Throws<IOException>(() => stream.Seek(-1, SeekOrigin.Begin));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Seek(0, (SeekOrigin)3));
        stream.Position = long.MaxValue;
        Assert.Equal(-1, stream.ReadByte());
        Assert.Throws<IOException>(() => stream.WriteByte(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Seek(1, SeekOrigin.Current));
    }

    [Fact]
    public async Task Cancelled_tokens_give_cancelled_tasks()
    {
        await using RegionStream stream = new(_pool);
        CancellationToken canceled = new(canceled: true);
        Assert.True(stream.ReadAsync(new byte[1], canceled).IsCanceled);
        Assert.True(stream.WriteAsync(new byte[1], canceled).IsCanceled);
        Assert.True(stream.FlushAsync(canceled).IsCanceled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.CopyToAsync(Stream.Null, canceled));
    }

    public void Dispose()
    {
        Assert.Equal(0, Rented);
        _pool.Dispose();
    }

    private long Rented => _pool.Statistics.Rents - _pool.Statistics.Returns;

    private static string Do(Stream stream, int step, int first, int second)
    {
        switch (step)
        {
            case 0 or 1:
                stream.Write([.. Enumerable.Range(second, first).Select(static value => (byte)value)]);
                return "";
            case 2:
                byte[] bytes = new byte[first];
                return Convert.ToHexString(bytes.AsSpan(0, stream.Read(bytes)));
            case 3:
                return $"{stream.Seek(second, SeekOrigin.Begin)}";
            case 4:
                return $"{stream.Seek(-Math.Min(second, stream.Length), SeekOrigin.End)}";
            case 5:
                stream.SetLength(first);
                return "";
            case 6:
                stream.WriteByte((byte)first);
                return "";
            case 7:
                return $"{stream.ReadByte()}";
            default:
                using (MemoryStream copy = new())
                {
                    stream.CopyTo(copy);
                    return Convert.ToHexString(copy.ToArray());
                }
        }
    }
}
