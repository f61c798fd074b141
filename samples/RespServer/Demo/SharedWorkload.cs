using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Demo;

/// <summary>
/// A client among several that read and edit the same values of 1 MiB. A value is blocks that each say their own version; every edit
/// replaces one block, so every block of every reply must be one whole version, whoever wrote meanwhile.
/// </summary>
internal sealed class SharedWorkload(IDatabase database, Tally tally, int seed)
{
    private const int KeyCount = 3;
    private const int BlockCount = 16;
    private const int BlockLength = 64 * 1024;

    private readonly Random _random = new(seed);
    private ulong _version = (ulong)seed << 32;

    /// <summary>Makes the values, once for all clients.</summary>
    public async Task PrepareAsync()
    {
        for (int key = 0; key < KeyCount; key++)
        {
            for (int block = 0; block < BlockCount; block++)
            {
                await EditAsync(Key(key), block);
            }
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            string key = Key(_random.Next(KeyCount));
            if (_random.Next(3) == 0)
            {
                await EditAsync(key, _random.Next(BlockCount));
            }
            else
            {
                Check(key, await database.StringGetAsync(key));
            }
        }
    }

    private async Task EditAsync(string key, int block)
    {
        byte[] bytes = Pattern.CreateTagged(BlockLength, ++_version);
        RedisValue length = await database.StringSetRangeAsync(key, block * BlockLength, bytes);
        tally.Count("SETRANGE shared", (long)length >= (block + 1) * BlockLength, bytes.Length, key);
    }

    private void Check(string key, RedisValue reply)
    {
        ReadOnlyMemory<byte> bytes = reply;
        bool isRight = bytes.Length == BlockCount * BlockLength;
        for (int block = 0; isRight && block < BlockCount; block++)
        {
            isRight = Pattern.IsTagged(bytes.Span.Slice(block * BlockLength, BlockLength), out _);
        }

        tally.Count("GET shared", isRight, bytes.Length, key);
    }

    private static string Key(int index) => $"shared:{index}";
}
