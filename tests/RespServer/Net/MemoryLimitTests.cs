using FastBuffers.Samples.Resp.Demo;
using FastBuffers.Samples.Resp.Tests.Infrastructure;
using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Tests.Net;

public sealed class MemoryLimitTests
{
    private const int MiB = 1024 * 1024;
    private const string OutOfMemory = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";

    [Fact]
    public async Task Over_the_limit_a_write_is_refused_and_nothing_is_lost()
    {
        await using var server = new TestServer(new RespServerOptions { MaxMemory = 8 * MiB });
        using RawClient client = server.ConnectRaw();
        byte[] value = Pattern.Create(5 * MiB, 1);
        Set(client, "k", value);
        client.Expect("+OK\r\n");

        // Too large beside the old value, so that each is refused: by its bytes as they arrive, by a copy, by growth, by its name.
        Set(client, "k", value);
        client.Expect(OutOfMemory);
        Set(client, "other", new byte[20 * MiB]);
        client.Expect(OutOfMemory);
        client.Call(OutOfMemory, "SETRANGE", "k", (9 * MiB).ToString(System.Globalization.CultureInfo.InvariantCulture), "x");
        client.Call(OutOfMemory, "MSET", "a", "1", "b", new string('x', 4 * MiB));
        client.Call(":0\r\n", "EXISTS", "other", "a", "b");
        client.Call("$1\r\nx\r\n", "ECHO", "x");
        client.Send("GET k\r\n");
        client.ExpectBulk(value);
        Assert.InRange(server.Server.Memory.Used, 5 * MiB, 8 * MiB);
        Assert.InRange(server.Server.Memory.Refused, 4, 10);
        await TestServer.UntilAsync(() => server.Server.Memory.Regions == 1, "all that was refused to be returned");

        client.Call(":1\r\n", "DEL", "k");
        Assert.Equal(0, server.Server.Memory.Used);
        Set(client, "k", value);
        client.Expect("+OK\r\n");
    }

    [Fact]
    public async Task At_the_limit_each_of_several_clients_keeps_all_that_was_not_refused()
    {
        await using var server = new TestServer(new RespServerOptions { MaxMemory = 6 * MiB });
        bool wasOver = false;
        int[] refused = await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() => FillAsync(seed))));
        Assert.InRange(refused.Sum(), 10, 4 * 400);
        Assert.False(wasOver, "More was reserved than the limit.");
        using RawClient client = server.ConnectRaw();
        client.Call("+OK\r\n", "FLUSHALL");
        await TestServer.UntilAsync(() => server.Server.Memory.Used == 0, "all to be returned");

        async Task<int> FillAsync(int seed)
        {
            IDatabase db = await server.ConnectDatabaseAsync();
            var random = new Random(seed);
            var values = new Dictionary<string, byte[]>();
            int count = 0;
            for (int i = 0; i < 400; i++)
            {
                string key = $"{seed}:{random.Next(30)}";
                byte[] value = Pattern.Create(Pattern.RandomLength(random, 400_000), (ulong)i);
                try
                {
                    await db.StringSetAsync(key, value);
                    values[key] = value;
                }
                catch (RedisServerException exception) when (exception.Message.StartsWith("OOM ", StringComparison.Ordinal))
                {
                    count++;
                }

                wasOver |= server.Server.Memory.Statistics.ReservedBytes > 6 * MiB;
            }

            foreach ((string key, byte[] value) in values)
            {
                Assert.True(((byte[])(await db.StringGetAsync(key))!).AsSpan().SequenceEqual(value), $"The bytes of {key} differ.");
            }

            return count;
        }
    }

    [Fact]
    public async Task Many_small_values_hit_the_limit_too_and_deleting_makes_room()
    {
        await using var server = new TestServer(new RespServerOptions { MaxMemory = MiB });
        IDatabase db = await server.ConnectDatabaseAsync();
        int stored = 0;
        RedisServerException exception = await Assert.ThrowsAsync<RedisServerException>(async () =>
        {
            for (; stored < 100_000; stored++)
            {
                await db.StringSetAsync($"key:{stored}", $"value:{stored}");
            }
        });
        Assert.StartsWith("OOM ", exception.Message, StringComparison.Ordinal);
        Assert.InRange(stored, 2_000, 10_000);
        Assert.InRange(server.Server.Memory.Used, MiB / 2, MiB);
        Assert.Equal($"value:{stored - 1}", await db.StringGetAsync($"key:{stored - 1}"));
        Assert.True(await db.KeyDeleteAsync("key:0"));
        Assert.True(await db.StringSetAsync("key:0", "again"));
    }

    [Fact]
    public async Task Versions_pinned_by_a_slow_reader_count()
    {
        await using var server = new TestServer(new RespServerOptions { MaxMemory = 40 * MiB });
        IDatabase db = await server.ConnectDatabaseAsync();
        byte[] value = Pattern.Create(24 * MiB, 1);
        await db.StringSetAsync("k", value);
        using RawClient reader = server.ConnectRaw(receiveBuffer: 4096);
        reader.Send("GET k\r\n");
        await TestServer.UntilAsync(() => server.Server.StorageCounters.LivePins == 1, "the value to be pinned");
        await db.KeyDeleteAsync("k");
        await Assert.ThrowsAsync<RedisServerException>(() => db.StringSetAsync("k", value));
        reader.ExpectBulk(value);
        await TestServer.UntilAsync(() => server.NativeBytes == 0, "the old version to be released");
        Assert.True(await db.StringSetAsync("k", value));
    }

    [Fact]
    public async Task A_declared_length_reserves_nothing()
    {
        await using var server = new TestServer();
        RawClient[] clients = new RawClient[50];
        for (int i = 0; i < clients.Length; i++)
        {
            clients[i] = server.ConnectRaw();
            clients[i].Send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$500000000\r\n");
        }

        await Task.Delay(200);
        Assert.Equal(0, server.Server.Memory.Used);
        foreach (RawClient client in clients)
        {
            client.Send(new byte[10]);
        }

        await TestServer.UntilAsync(() => server.NativeBytes > 0, "bytes to arrive");
        await Task.Delay(200);
        Assert.InRange(server.NativeBytes, 1, clients.Length * 20_000);
        foreach (RawClient client in clients)
        {
            client.Dispose();
        }

        await TestServer.UntilAsync(() => server.NativeBytes == 0, "unfinished values to be given back");
    }

    private static void Set(RawClient client, string key, byte[] value)
    {
        client.Send($"*3\r\n$3\r\nSET\r\n${key.Length}\r\n{key}\r\n${value.Length}\r\n");
        client.Send(value);
        client.Send("\r\n");
    }
}
