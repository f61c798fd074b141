using FastBuffers.Locking;
using FastBuffers.Samples.Resp.Demo;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Tests.Storage;

public sealed class KeyspaceTests : IDisposable
{
    private readonly ServerMemory _memory = new(64 * 1024 * 1024);
    private readonly StorageCounters _counters = new();
    private readonly Keyspace _keyspace;

    public KeyspaceTests() => _keyspace = new Keyspace(_memory, _counters, TimeProvider.System);

    // Also after a failure: a region that is dropped is a leak, which other tests would find.
    public void Dispose()
    {
        lock (_keyspace.Lock)
        {
            _keyspace.Clear();
        }

        _memory.Dispose();
    }

    [Fact]
    public void Hundred_thousand_small_values_share_regions_and_leave_nothing_behind()
    {
        lock (_keyspace.Lock)
        {
            for (int i = 0; i < 100_000; i++)
            {
                Assert.True(_keyspace.TrySet(BitConverter.GetBytes(i), _keyspace.Values.TryCreate(BitConverter.GetBytes(i))!, expiresAt: 0));
            }

            // 16-byte slots in slabs of 64 KiB: 25 of them.
            Assert.Equal(25 * Slab.Bytes, _memory.NativeBytes);
            byte[] read = new byte[4];
            for (int i = 0; i < 100_000; i++)
            {
                _keyspace.Find(BitConverter.GetBytes(i))!.CopyTo(read);
                Assert.Equal(i, BitConverter.ToInt32(read));
                Assert.True(i % 3 == 0 || _keyspace.Remove(BitConverter.GetBytes(i)));
            }

            _keyspace.Clear();
            Assert.Equal(0, _memory.Used);
        }
    }

    [Fact]
    public void Appending_copies_a_number_of_bytes_that_grows_with_the_value_not_with_its_square()
    {
        byte[] piece = Pattern.Create(1000, 1);
        long grown = 0;
        long last = 0;
        lock (_keyspace.Lock)
        {
            for (int i = 0; i < 8000; i++)
            {
                Assert.Equal(WriteResult.Written, _keyspace.Write("k"u8, _keyspace.Find("k"u8), i * 1000, piece, spare: true));
                Assert.Equal((i + 1) * 1000, _keyspace.Find("k"u8)!.Length);
                if (_memory.NativeBytes != last)
                {
                    last = _memory.NativeBytes;
                    grown += last;
                }
            }

            Assert.InRange(grown, 8_000_000, 4 * 8_000_000);
            _keyspace.Clear();
        }

        Assert.Equal(0, _memory.Used);
    }

    [Fact]
    public void What_is_written_comes_back_right_from_dirty_blocks_after_every_growth()
    {
        var random = new Random(3);
        byte[] model = [];
        lock (_keyspace.Lock)
        {
            for (int i = 0; i < 300; i++)
            {
                byte[] edit = Pattern.Create(random.Next(1, 3000), (ulong)i);
                int offset = random.Next(model.Length + 5000);
                Array.Resize(ref model, Math.Max(model.Length, offset + edit.Length));
                edit.CopyTo(model, offset);
                Assert.Equal(WriteResult.Written, _keyspace.Write("k"u8, _keyspace.Find("k"u8), offset, edit, spare: i % 2 == 0));
                byte[] read = new byte[model.Length];
                _keyspace.Find("k"u8)!.CopyTo(read);
                Assert.True(model.AsSpan().SequenceEqual(read), $"Write {i} to {offset} differs.");
                Assert.True(_memory.TryRent(random.Next(1, 2 * model.Length), out Lease dirt));
                dirt.Span.Fill(0xDD);
                dirt.Dispose();
            }
        }
    }

    [Fact]
    public void A_growth_that_is_refused_changes_nothing()
    {
        using var memory = new ServerMemory(1024 * 1024);
        var keyspace = new Keyspace(memory, _counters, TimeProvider.System);
        byte[] old = Pattern.Create(600_000, 1);
        lock (keyspace.Lock)
        {
            Assert.Equal(WriteResult.Written, keyspace.Write("k"u8, null, 0, old, spare: false));
            long used = memory.Used;
            StoredValue value = keyspace.Find("k"u8)!;
            Assert.Equal(WriteResult.OutOfMemory, keyspace.Write("k"u8, value, 700_000, "x"u8, spare: false));
            Assert.Equal((used, 600_000), (memory.Used, value.Length));
            Assert.Equal(WriteResult.Written, keyspace.Write("k"u8, value, 599_999, "xy"u8, spare: false));
            Assert.Equal(used, memory.Used);
            byte[] read = new byte[599_999];
            value.CopyTo(read);
            Assert.True(old.AsSpan(0, 599_999).SequenceEqual(read), "The bytes before the edit differ.");
            keyspace.Clear();
        }

        Assert.Equal(0, memory.Used);
    }

    [Theory]
    [InlineData(10, 5, 3)]
    [InlineData(10, 20, 3)]
    [InlineData(10, 5000, 3)]
    [InlineData(4000, 4090, 6)]
    [InlineData(4000, 4090, 5)]
    [InlineData(5000, 4999, 1)]
    [InlineData(5000, 4990, 20)]
    [InlineData(5000, 100_000, 20)]
    [InlineData(0, 0, 4096)]
    public void Writing_at_an_offset_keeps_what_was_there_and_fills_gaps_with_zeros(int length, int offset, int count)
    {
        byte[] old = Pattern.Create(length, 1);
        byte[] edit = Pattern.Create(count, 2);
        byte[] expected = new byte[Math.Max(length, offset + count)];
        old.CopyTo(expected, 0);
        edit.CopyTo(expected, offset);
        lock (_keyspace.Lock)
        {
            // Slots and blocks are used again: what lay in them must not show.
            _keyspace.TrySet("dirt"u8, _keyspace.Values.TryCreate(Pattern.Create(4095, 3))!, expiresAt: 0);
            _keyspace.Remove("dirt"u8);
            foreach (int size in new[] { expected.Length, 2 * expected.Length, Slab.Bytes - WireFrame.Overhead })
            {
                Assert.True(_memory.TryRent(size + WireFrame.Overhead, out Lease dirt));
                dirt.Span.Fill(0xDD);
                dirt.Dispose();
            }

            Assert.True(_keyspace.TrySet("k"u8, _keyspace.Values.TryCreate(old)!, expiresAt: 0));
            Assert.Equal(WriteResult.Written, _keyspace.Write("k"u8, _keyspace.Find("k"u8), offset, edit, spare: false));
            Assert.Equal(expected.Length, _keyspace.Find("k"u8)!.Length);
            byte[] read = new byte[expected.Length];
            _keyspace.Find("k"u8)!.CopyTo(read);
            Assert.Equal(expected, read);
            _keyspace.Clear();
        }

        Assert.Equal(0, _memory.Used);
    }

    [Fact]
    public void Slots_of_one_slab_do_not_meet()
    {
        var slabs = new SlabAllocator(_memory);
        Assert.True(slabs.TryRent(100, out Slab slab, out int first));
        Assert.True(slabs.TryRent(100, out Slab same, out int second));
        Assert.Same(slab, same);
        using (var held = new SmallValue(slab, first, slabs, _counters))
        using (var free = new SmallValue(slab, second, slabs, _counters))
        using (slab.Region.Slice(first * slab.SlotBytes, slab.SlotBytes).Take(HoldKind.Immutable))
        {
            Assert.Equal(WriteResult.Written, free.TryWrite(0, new byte[slab.SlotBytes]));
            Assert.Throws<BufferConflictException>(() => held.TryWrite(0, "x"u8));
        }

        Assert.Equal(0, _memory.Used);
        Assert.Equal(0, _memory.Regions);
    }

    [Fact]
    public void Random_slots_come_and_go_and_the_books_balance()
    {
        var random = new Random(7);
        var model = new Dictionary<int, byte[]>();
        lock (_keyspace.Lock)
        {
            for (int i = 0; i < 20_000; i++)
            {
                int key = random.Next(500);
                if (random.Next(3) == 0)
                {
                    Assert.Equal(model.Remove(key), _keyspace.Remove(BitConverter.GetBytes(key)));
                }
                else
                {
                    byte[] value = Pattern.Create(random.Next(6000), (ulong)i);
                    model[key] = value;
                    Assert.True(_keyspace.TrySet(BitConverter.GetBytes(key), _keyspace.Values.TryCreate(value)!, expiresAt: 0));
                }
            }

            foreach ((int key, byte[] value) in model)
            {
                byte[] read = new byte[value.Length];
                StoredValue stored = _keyspace.Find(BitConverter.GetBytes(key))!;
                Assert.Equal(value.Length, stored.Length);
                stored.CopyTo(read);
                Assert.Equal(value, read);
            }

            _keyspace.Clear();
        }

        Assert.Equal(0, _memory.Used);
    }
}
