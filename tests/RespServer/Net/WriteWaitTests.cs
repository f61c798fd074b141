using System.Globalization;
using FastBuffers.Samples.Resp.Demo;
using FastBuffers.Samples.Resp.Storage;
using FastBuffers.Samples.Resp.Tests.Infrastructure;
using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Tests.Net;

/// <summary>A write that meets bytes being sent waits for that to end, up to a limit by the server's clock, and then goes on with a copy.</summary>
public sealed class WriteWaitTests
{
    // More than what sockets hold of it.
    private const int Length = 24 * 1024 * 1024;

    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(50);

    private readonly ManualTime _time = new();
    private readonly byte[] _old = Pattern.Create(Length, 1);

    [Theory]
    [InlineData("SETRANGE", 1000, 10)]
    [InlineData("SETRANGE", 1000, 10_000)]
    [InlineData("SETRANGE", Length - 5, 10)]
    [InlineData("APPEND", Length, 20_000)]
    public async Task Within_the_limit_it_writes_in_place(string command, int start, int length)
    {
        await using TestServer server = Start(s_limit);
        IDatabase db = await server.ConnectDatabaseAsync();
        await db.StringSetAsync("other", "first");
        using RawClient reader = await SendAsync(server, db);
        long regions = server.Server.Memory.Regions;
        byte[] edit = Pattern.Create(length, 2);
        Task<long> writing = WriteAsync(await server.ConnectDatabaseAsync(), command, start, edit);
        StorageCounters counters = server.Server.StorageCounters;
        await TestServer.UntilAsync(() => counters.WritesWaited == 1, "the write to meet what is being sent");
        _time.Advance(s_limit - TimeSpan.FromTicks(1));
        Assert.True(await db.StringSetAsync("other", "o"));
        Assert.False(writing.IsCompleted);

        reader.ExpectBulk(_old);
        byte[] expected = Edited(start, edit);
        Assert.Equal(expected.Length, await writing);
        AssertBytes(expected, await db.StringGetAsync("k"));
        Assert.Equal((1, 1, 0, 0), (counters.WritesWaited, counters.WritesInPlace, counters.ConflictsCopied, counters.VersionsOutlived));
        Assert.Equal(regions, server.Server.Memory.Regions);
    }

    [Theory]
    [InlineData("SETRANGE", 1000, 10)]
    [InlineData("SETRANGE", 1000, 10_000)]
    [InlineData("APPEND", Length, 20_000)]
    public async Task After_the_limit_it_goes_on_with_a_copy(string command, int start, int length)
    {
        await using TestServer server = Start(s_limit);
        IDatabase db = await server.ConnectDatabaseAsync();
        using RawClient reader = await SendAsync(server, db);
        byte[] edit = Pattern.Create(length, 2);
        Task<long> writing = WriteAsync(await server.ConnectDatabaseAsync(), command, start, edit);
        StorageCounters counters = server.Server.StorageCounters;
        await TestServer.UntilAsync(() => counters.WritesWaited == 1, "the write to meet what is being sent");
        Assert.Equal(0, counters.ConflictsCopied);
        _time.Advance(s_limit);

        byte[] expected = Edited(start, edit);
        Assert.Equal(expected.Length, await writing);
        Assert.Equal((1, 0, 1, 1), (counters.WritesWaited, counters.WritesInPlace, counters.ConflictsCopied, counters.VersionsOutlived));
        AssertBytes(expected, await db.StringGetAsync("k"));
        reader.ExpectBulk(_old);
    }

    [Fact]
    public async Task By_default_no_client_has_to_help_the_write()
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        using RawClient reader = await SendAsync(server, db);
        Assert.Equal(Length, (long)await db.StringSetRangeAsync("k", 3, "x"));
        Assert.Equal((1, 1), (server.Server.StorageCounters.WritesWaited, server.Server.StorageCounters.ConflictsCopied));
        reader.ExpectBulk(_old);
    }

    [Fact]
    public async Task Without_a_limit_it_copies_at_once()
    {
        await using TestServer server = Start(TimeSpan.Zero);
        IDatabase db = await server.ConnectDatabaseAsync();
        using RawClient reader = await SendAsync(server, db);
        Assert.Equal(Length, (long)await db.StringSetRangeAsync("k", 3, "x"));
        Assert.Equal((0, 1), (server.Server.StorageCounters.WritesWaited, server.Server.StorageCounters.ConflictsCopied));
        reader.ExpectBulk(_old);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("GETRANGE k 1009 9999")]
    [InlineData("GETRANGE k 1000 1000")]
    [InlineData("SETRANGE k 5 y")]
    [InlineData("APPEND k y")]
    public async Task Who_needs_the_bytes_does_not_wait_for_the_limit(string command)
    {
        await using TestServer server = Start(s_limit);
        IDatabase db = await server.ConnectDatabaseAsync();
        using RawClient reader = await SendAsync(server, db);
        byte[] edit = Pattern.Create(10, 2);
        Task<long> writing = WriteAsync(await server.ConnectDatabaseAsync(), "SETRANGE", 1000, edit);
        StorageCounters counters = server.Server.StorageCounters;
        await TestServer.UntilAsync(() => counters.WritesWaited == 1, "the write to meet what is being sent");

        string[] words = command == "GET" ? ["GET", "k"] : command.Split(' ');
        RedisResult result = await db.ExecuteAsync(words[0], [.. words[1..]]);
        Assert.Equal(Length, await writing);
        Assert.Equal((1, 1, 1), (counters.WritesWaited, counters.CommandsWaited, counters.ConflictsCopied));
        if (words[0].StartsWith("GET", StringComparison.Ordinal))
        {
            byte[] all = Edited(1000, edit);
            AssertBytes(command == "GET" ? all : all[Number(words[2])..(Number(words[3]) + 1)], (RedisValue)result);
        }

        reader.ExpectBulk(_old);
    }

    [Fact]
    public async Task Who_needs_other_bytes_does_not_meet_the_write()
    {
        await using TestServer server = Start(s_limit);
        IDatabase db = await server.ConnectDatabaseAsync();
        using RawClient reader = await SendAsync(server, db);
        Task<long> writing = WriteAsync(await server.ConnectDatabaseAsync(), "SETRANGE", 1000, new byte[10]);
        StorageCounters counters = server.Server.StorageCounters;
        await TestServer.UntilAsync(() => counters.WritesWaited == 1, "the write to meet what is being sent");
        AssertBytes(_old[..1000], await db.StringGetRangeAsync("k", 0, 999));
        AssertBytes(_old[1010..10_000], await db.StringGetRangeAsync("k", 1010, 9999));
        Assert.False(writing.IsCompleted);
        Assert.Equal(0, counters.CommandsWaited);
        reader.ExpectBulk(_old);
        Assert.Equal(Length, await writing);
        Assert.Equal(0, counters.ConflictsCopied);
    }

    [Fact]
    public async Task It_waits_for_an_earlier_reply_to_the_same_client()
    {
        await using TestServer server = Start(s_limit);
        IDatabase db = await server.ConnectDatabaseAsync();

        // Little enough not to be sent before the commands behind it have run.
        byte[] value = _old[..100_000];
        await db.StringSetAsync("k", value);
        using RawClient client = server.ConnectRaw();
        client.Send([.. RawClient.Encode("GET", "k"), .. RawClient.Encode("SETRANGE", "k", "7", "x"), .. RawClient.Encode("PING")]);
        client.ExpectBulk(value);
        client.Expect($":{value.Length}\r\n+PONG\r\n");
        Assert.Equal(1, server.Server.StorageCounters.WritesWaited);
        Assert.Equal(0, server.Server.StorageCounters.ConflictsCopied);
    }

    [Fact]
    public async Task A_value_that_is_deleted_or_replaced_is_waited_for_no_longer()
    {
        await using TestServer server = Start(s_limit);
        IDatabase db = await server.ConnectDatabaseAsync();
        StorageCounters counters = server.Server.StorageCounters;
        for (int i = 0; i < 2; i++)
        {
            using RawClient reader = await SendAsync(server, db);
            Task<long> writing = WriteAsync(await server.ConnectDatabaseAsync(), "SETRANGE", 5, "xy"u8.ToArray());
            await TestServer.UntilAsync(() => counters.WritesWaited == i + 1, "the write to meet what is being sent");
            Assert.True(i == 0 ? await db.KeyDeleteAsync("k") : await db.StringSetAsync("k", "0123456789"));
            Assert.Equal(i == 0 ? 7 : 10, await writing);
            Assert.Equal(i == 0 ? "\0\0\0\0\0xy" : "01234xy789", await db.StringGetAsync("k"));
            reader.ExpectBulk(_old);
        }

        Assert.Equal(0, counters.ConflictsCopied);
    }

    [Fact]
    public async Task Nobody_ever_sees_a_part_of_a_write()
    {
        const int Small = 1024 * 1024;
        await using TestServer server = Start(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        IDatabase db = await server.ConnectDatabaseAsync();
        await db.StringSetAsync("k", new byte[Small]);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        Task[] writers = [.. Enumerable.Range(1, 2).Select(number => Task.Run(() => WriteAllAsync((byte)number)))];
        await Task.WhenAll([.. writers, .. Enumerable.Range(0, 3).Select(_ => Task.Run(ReadAllAsync))]);
        Assert.True(server.Server.StorageCounters.WritesWaited > 0);

        async Task WriteAllAsync(byte number)
        {
            IDatabase own = await server.ConnectDatabaseAsync();
            byte[] bytes = new byte[Small];
            while (!stop.IsCancellationRequested)
            {
                Array.Fill(bytes, number += 2);
                Assert.Equal(Small, (long)await own.StringSetRangeAsync("k", 0, bytes));
            }
        }

        async Task ReadAllAsync()
        {
            IDatabase own = await server.ConnectDatabaseAsync();
            while (!stop.IsCancellationRequested)
            {
                ReadOnlyMemory<byte> seen = await own.StringGetAsync("k");
                Assert.False(seen.Span.ContainsAnyExcept(seen.Span[0]));
            }
        }
    }

    private TestServer Start(TimeSpan limit, TimeProvider? time = null) =>
        new(new RespServerOptions { SendTimeout = TimeSpan.FromMinutes(5), WriteWait = limit, TimeProvider = time ?? _time });

    // Has the value sent to a client that does not take it yet.
    private async Task<RawClient> SendAsync(TestServer server, IDatabase db)
    {
        await db.StringSetAsync("k", _old);
        RawClient reader = server.ConnectRaw(receiveBuffer: 4096);
        reader.Send(RawClient.Encode("GET", "k"));
        await TestServer.UntilAsync(() => server.Server.StorageCounters.LivePins > 0, "the value to be pinned");
        return reader;
    }

    private static async Task<long> WriteAsync(IDatabase db, string command, int start, byte[] edit) =>
        command == "APPEND" ? await db.StringAppendAsync("k", edit) : (long)await db.StringSetRangeAsync("k", start, edit);

    private byte[] Edited(int start, byte[] edit)
    {
        byte[] bytes = new byte[Math.Max(Length, start + edit.Length)];
        _old.CopyTo(bytes, 0);
        edit.CopyTo(bytes, start);
        return bytes;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void AssertBytes(byte[] expected, RedisValue actual)
    {
        ReadOnlyMemory<byte> bytes = actual;
        Assert.True(bytes.Span.SequenceEqual(expected), "The value's bytes differ.");
    }
}
