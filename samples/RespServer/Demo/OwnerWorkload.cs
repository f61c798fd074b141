using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Demo;

/// <summary>
/// A client with keys that only it writes. It keeps a copy of every value and compares each reply with it, byte for byte; it also edits
/// values while they are being sent to it, and what it gets must be the old bytes.
/// </summary>
internal sealed class OwnerWorkload(IDatabase database, Tally tally, int seed)
{
    private const int KeyCount = 16;
    private const int MaxLength = 1024 * 1024;
    private const int MaxEdit = 64 * 1024;

    private readonly Random _random = new(seed);
    private readonly Dictionary<string, byte[]> _values = [];
    private ulong _version = (ulong)seed << 32;
    private long _counter;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            string key = RandomKey();
            await (_random.Next(20) switch
            {
                < 4 => SetAsync(key),
                < 9 => GetAsync(key),
                < 12 => GetWhileEditingAsync(key),
                < 14 => SetRangeAsync(key),
                < 16 => AppendAsync(key),
                < 17 => GetRangeAsync(key),
                < 18 => MultiGetAsync(),
                < 19 => IncrementAsync(),
                _ => DeleteAsync(key),
            });
        }
    }

    private async Task SetAsync(string key)
    {
        byte[] value = NewBytes(Pattern.RandomLength(_random, MaxLength));
        bool isSet = await database.StringSetAsync(key, value);
        _values[key] = value;
        tally.Count("SET", isSet, value.Length, key);
    }

    private async Task GetAsync(string key) => Check("GET", key, await database.StringGetAsync(key), _values.GetValueOrDefault(key));

    private async Task GetWhileEditingAsync(string key)
    {
        byte[]? old = _values.GetValueOrDefault(key);
        Task<RedisValue> reading = database.StringGetAsync(key);
        Task editing = _random.Next(4) switch
        {
            0 => SetAsync(key),
            1 => AppendAsync(key),
            2 => DeleteAsync(key),
            _ => SetRangeAsync(key),
        };
        Check("GET while editing", key, await reading, old);
        await editing;
    }

    private async Task SetRangeAsync(string key)
    {
        byte[] old = _values.GetValueOrDefault(key) ?? [];
        byte[] edit = NewBytes(Pattern.RandomLength(_random, MaxEdit));
        int offset = _random.Next(Math.Min(old.Length + 100, MaxLength - edit.Length + 1));
        byte[] value = new byte[Math.Max(old.Length, offset + edit.Length)];
        old.CopyTo(value, 0);
        edit.CopyTo(value, offset);
        RedisValue length = await database.StringSetRangeAsync(key, offset, edit);
        _values[key] = value;
        tally.Count("SETRANGE", length == value.Length, edit.Length, key);
    }

    private async Task AppendAsync(string key)
    {
        byte[] old = _values.GetValueOrDefault(key) ?? [];
        byte[] tail = NewBytes(Math.Min(Pattern.RandomLength(_random, MaxEdit), MaxLength - old.Length));
        byte[] value = [.. old, .. tail];
        long length = await database.StringAppendAsync(key, tail);
        _values[key] = value;
        tally.Count("APPEND", length == value.Length, tail.Length, key);
    }

    private async Task GetRangeAsync(string key)
    {
        byte[] value = _values.GetValueOrDefault(key) ?? [];
        int start = _random.Next(value.Length + 1);
        int end = _random.Next(start, value.Length + 1);
        RedisValue part = await database.StringGetRangeAsync(key, start, end);
        ReadOnlyMemory<byte> bytes = part;
        bool isRight = bytes.Span.SequenceEqual(value.AsSpan(start, Math.Min(end + 1, value.Length) - start));
        tally.Count("GETRANGE", isRight, bytes.Length, key);
    }

    private async Task MultiGetAsync()
    {
        string[] keys = [RandomKey(), RandomKey(), RandomKey(), RandomKey()];
        RedisValue[] values = await database.StringGetAsync(Array.ConvertAll(keys, static key => (RedisKey)key));
        for (int i = 0; i < keys.Length; i++)
        {
            Check("MGET", keys[i], values[i], _values.GetValueOrDefault(keys[i]));
        }
    }

    private async Task IncrementAsync()
    {
        int by = _random.Next(-100, 1000);
        _counter += by;
        tally.Count("INCRBY", await database.StringIncrementAsync($"counter:{seed}", by) == _counter, 0, "counter");
    }

    private async Task DeleteAsync(string key)
    {
        bool wasThere = _values.Remove(key);
        tally.Count("DEL", await database.KeyDeleteAsync(key) == wasThere, 0, key);
    }

    private void Check(string operation, string key, RedisValue reply, byte[]? expected)
    {
        ReadOnlyMemory<byte> bytes = reply;
        tally.Count(operation, reply.IsNull ? expected is null : bytes.Span.SequenceEqual(expected), bytes.Length, key);
    }

    private string RandomKey() => $"own:{seed}:{_random.Next(KeyCount)}";

    private byte[] NewBytes(int length) => Pattern.Create(length, ++_version);
}
