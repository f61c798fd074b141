using System.Text.Json;
using CsCheck;
using FastBuffers.Locking;

namespace FastBuffers.Pipelines.Tests;

/// <summary>Buffer writers over regions.</summary>
public sealed class RegionBufferWriterTests : IDisposable
{
    private readonly RegionPool _pool = new();

    [Fact]
    public void A_json_writer_writes_into_it()
    {
        using RegionBufferWriter writer = new(_pool, segmentSize: 16);
        using (Utf8JsonWriter json = new(writer))
        {
            JsonSerializer.Serialize(json, Enumerable.Range(0, 1000));
        }

        using RetainedSequence written = writer.Detach();
        Utf8JsonReader reader = new(written.Sequence);
        Assert.Equal(Enumerable.Range(0, 1000), JsonSerializer.Deserialize<int[]>(ref reader)!);
    }

    [Fact]
    public void Random_writes_are_there_in_their_order() =>
        Gen.Select(Gen.Int[0, 300], Gen.Int[0, 300]).Array[0, 40].Sample(
            writes =>
            {
                using RegionBufferWriter writer = new(_pool, segmentSize: 64);
                List<byte> expected = [];
                foreach ((int count, int hint) in writes)
                {
                    Span<byte> room = (count & 1) == 0 ? writer.GetSpan(count + hint) : writer.GetMemory(count + hint).Span;
                    Assert.True(room.Length >= Math.Max(1, count + hint));
                    byte[] bytes = [.. Enumerable.Range(expected.Count, count).Select(static value => (byte)value)];
                    bytes.CopyTo(room);
                    writer.Advance(count);
                    expected.AddRange(bytes);
                    Assert.Equal(expected.Count, writer.WrittenCount);
                }

                using RetainedSequence written = writer.Detach();
                Assert.Equal(expected, written.Sequence.ToArray());
                Assert.Equal(0, writer.WrittenCount);
            },
            iter: 2_000,
            threads: 1);

    [Fact]
    public void It_is_written_again_after_what_was_written_has_left()
    {
        using RegionBufferWriter writer = new(_pool);
        writer.Write<byte>([1, 2, 3]);
        using RetainedSequence first = writer.Detach();
        writer.Write<byte>([4, 5]);
        writer.Clear();
        writer.Write<byte>([6]);
        using RetainedSequence second = writer.Detach();
        Assert.Equal([1, 2, 3], first.Sequence.ToArray());
        Assert.Equal([6], second.Sequence.ToArray());
        using RetainedSequence nothing = writer.Detach();
        Assert.Equal(0, nothing.Length);
    }

    [Fact]
    public void Memory_from_before_throws_after_what_was_written_has_left()
    {
        using RegionBufferWriter writer = new(_pool);
        Memory<byte> memory = writer.GetMemory();
        writer.Advance(1);
        using RetainedSequence written = writer.Detach();
        Assert.Throws<ObjectDisposedException>(() => memory.Span[0] = 1);
    }

    [Fact]
    public void One_of_fixed_size_does_not_grow()
    {
        using RegionBufferWriter writer = new(_pool.Rent(100));
        writer.GetSpan(60)[..60].Fill(1);
        writer.Advance(60);
        Assert.Equal(40, writer.GetMemory().Length);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => writer.GetMemory(41));
        Assert.Contains("40", error.Message, StringComparison.Ordinal);
        Assert.Contains("41", error.Message, StringComparison.Ordinal);
        writer.GetSpan(40).Fill(2);
        writer.Advance(40);
        Assert.Throws<InvalidOperationException>(() => writer.GetSpan());
        using RetainedSequence written = writer.Detach();
        Assert.Equal([.. Enumerable.Repeat((byte)1, 60), .. Enumerable.Repeat((byte)2, 40)], written.Sequence.ToArray());
    }

    [Fact]
    public void What_does_not_make_sense_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegionBufferWriter(_pool, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegionBufferWriter(_pool, (1 << 20) + 1));
        Lease shared = _pool.Rent(1).Downgrade(HoldKind.Immutable);
        Assert.Throws<ArgumentException>(() => new RegionBufferWriter(shared));
        Assert.True(shared.IsReleased);
        Assert.Throws<ObjectDisposedException>(() => new RegionBufferWriter(shared));
        RegionBufferWriter writer = new(_pool);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.GetMemory(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(1));
        int room = writer.GetSpan().Length;
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(room + 1));
        writer.Dispose();
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.GetSpan());
        Assert.Throws<ObjectDisposedException>(() => writer.Detach());
        Assert.Throws<ObjectDisposedException>(writer.Clear);
    }

    public void Dispose()
    {
        Assert.Equal(0, _pool.Statistics.Rents - _pool.Statistics.Returns);
        _pool.Dispose();
    }
}
