using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Demo;

/// <summary>
/// One of several clients that edit one value of 8 MiB, each in a part of its own. It knows every byte of its part; what the others do
/// next to it must never show.
/// </summary>
internal sealed class RangeWorkload(IDatabase database, Tally tally, int part, int partLength)
{
    private const string Key = "parts";
    private const int MaxEdit = 1024 * 1024;

    private readonly Random _random = new(part);
    private readonly byte[] _bytes = new byte[partLength];
    private ulong _version = (ulong)(201 + part) << 32;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await (_random.Next(4) switch
            {
                0 => CheckAsync(),
                _ => EditAsync(),
            });
        }
    }

    /// <summary>Writes the whole part, so that it is there to be edited.</summary>
    public Task PrepareAsync() => WriteAsync(0, partLength);

    private Task EditAsync()
    {
        int length = Pattern.RandomLength(_random, MaxEdit);
        return WriteAsync(_random.Next(partLength - length + 1), length);
    }

    private async Task WriteAsync(int start, int length)
    {
        byte[] edit = Pattern.Create(length, ++_version);
        edit.CopyTo(_bytes, start);
        RedisValue total = await database.StringSetRangeAsync(Key, (part * (long)partLength) + start, edit);
        tally.Count("SETRANGE parts", (long)total >= (part + 1) * (long)partLength, length, Key);
    }

    private async Task CheckAsync()
    {
        int length = Pattern.RandomLength(_random, MaxEdit);
        int start = _random.Next(partLength - length + 1);
        long first = (part * (long)partLength) + start;
        ReadOnlyMemory<byte> bytes = await database.StringGetRangeAsync(Key, first, first + length - 1);
        tally.Count("GETRANGE parts", bytes.Span.SequenceEqual(_bytes.AsSpan(start, length)), bytes.Length, Key);
    }
}
