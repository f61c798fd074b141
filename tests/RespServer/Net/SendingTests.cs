using FastBuffers.Samples.Resp.Demo;
using FastBuffers.Samples.Resp.Tests.Infrastructure;
using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Tests.Net;

/// <summary>Values that change while they are being sent: what was asked for arrives whole, and nobody waits for it.</summary>
public sealed class SendingTests
{
    // More than the kernel buffers on loopback, so that the sending is still going on when the test looks.
    private const int Length = 24 * 1024 * 1024;

    [Theory]
    [InlineData("SETRANGE")]
    [InlineData("APPEND")]
    [InlineData("SET")]
    [InlineData("DEL")]
    [InlineData("FLUSHALL")]
    public async Task A_value_being_sent_arrives_as_it_was(string command)
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        byte[] old = Pattern.Create(Length, 1);
        await db.StringSetAsync("k", old);
        using RawClient reader = server.ConnectRaw(receiveBuffer: 4096);
        reader.Send("GET k\r\n");
        await TestServer.UntilAsync(() => server.Server.StorageCounters.LivePins == 1, "the value to be pinned");

        byte[] edited = (byte[])old.Clone();
        switch (command)
        {
            case "SETRANGE":
                edited[5] = 42;
                await db.StringSetRangeAsync("k", 5, new byte[] { 42 });
                break;
            case "APPEND":
                edited = [.. old, 42];
                await db.StringAppendAsync("k", new byte[] { 42 });
                break;
            case "SET":
                edited = [42];
                await db.StringSetAsync("k", edited);
                break;
            case "DEL":
                await db.KeyDeleteAsync("k");
                break;
            default:
                await db.ExecuteAsync("FLUSHALL");
                break;
        }

        // Both versions exist, and both count.
        Assert.Equal(1, server.Server.StorageCounters.LivePins);
        Assert.True(server.NativeBytes >= Length + (command is "SETRANGE" or "APPEND" ? Length : 0));
        Assert.Equal(command is "SETRANGE" or "APPEND" ? 1 : 0, server.Server.StorageCounters.ConflictsCopied);
        Assert.Equal(1, server.Server.StorageCounters.VersionsOutlived);
        reader.ExpectBulk(old);
        ReadOnlyMemory<byte> now = await db.StringGetAsync("k");
        Assert.True(now.Span.SequenceEqual(command is "DEL" or "FLUSHALL" ? [] : edited), "The edited bytes differ.");
        await TestServer.UntilAsync(() => server.Server.StorageCounters.LivePins == 0, "the old version to be released");
        await db.KeyDeleteAsync("k");
        await TestServer.UntilAsync(() => server.NativeBytes <= 2 * 64 * 1024, "its memory to come back");
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_given_up_after_the_send_timeout()
    {
        var time = new ManualTime();
        await using var server = new TestServer(new RespServerOptions { TimeProvider = time, SendTimeout = TimeSpan.FromSeconds(10) });
        IDatabase db = await server.ConnectDatabaseAsync();
        await db.StringSetAsync("k", Pattern.Create(Length, 1));
        using RawClient reader = server.ConnectRaw(receiveBuffer: 4096);
        reader.Send("GET k\r\n");
        await TestServer.UntilAsync(() => server.Server.StorageCounters.LivePins == 1, "the value to be pinned");
        await db.KeyDeleteAsync("k");
        Assert.True(server.NativeBytes >= Length);

        // The kernel's buffers fill up first; only then does the client take nothing.
        long sent = -1;
        await TestServer.UntilAsync(() => sent == (sent = server.Server.Counters.SentBytes) & Pause(), "sending to get stuck");
        time.Advance(TimeSpan.FromSeconds(9));
        await Task.Delay(100);
        Assert.Equal(0, server.Server.Counters.Dropped);
        time.Advance(TimeSpan.FromSeconds(2));
        await TestServer.UntilAsync(() => server.NativeBytes == 0, "the pinned bytes to come back");
        Assert.Equal(1, server.Server.Counters.Dropped);
        Assert.Equal("PONG", (string?)await db.ExecuteAsync("PING"));

        static bool Pause()
        {
            Thread.Sleep(50);
            return true;
        }
    }

    [Fact]
    public async Task A_listener_that_takes_nothing_is_given_up_at_its_limit_and_the_others_get_everything()
    {
        await using var server = new TestServer(new RespServerOptions { MaxQueuedBytes = 4 * 1024 * 1024 });
        ConnectionMultiplexer client = await server.ConnectAsync();
        ISubscriber subscriber = client.GetSubscriber();
        using RawClient stuck = server.ConnectRaw(receiveBuffer: 4096);
        stuck.Call("*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n", "SUBSCRIBE", "c");
        var got = new System.Collections.Concurrent.ConcurrentQueue<byte[]>();
        (await subscriber.SubscribeAsync(RedisChannel.Literal("c"))).OnMessage(message => got.Enqueue(message.Message!));
        IDatabase publisher = await server.ConnectDatabaseAsync();

        const int Messages = 40;
        for (int i = 0; i < Messages; i++)
        {
            Assert.InRange(await publisher.PublishAsync(RedisChannel.Literal("c"), Pattern.Create(1024 * 1024, (ulong)i)), 1, 2);
            int published = i + 1;
            await TestServer.UntilAsync(() => got.Count == published, "the message to arrive");
        }

        Assert.Equal(1, server.Server.Counters.Dropped);
        Assert.Equal(1, await publisher.PublishAsync(RedisChannel.Literal("c"), "x"));
        for (int i = 0; i < Messages; i++)
        {
            Assert.True(got.TryDequeue(out byte[]? message));
            Assert.True(message.AsSpan().SequenceEqual(Pattern.Create(1024 * 1024, (ulong)i)));
        }

        await TestServer.UntilAsync(() => server.NativeBytes == 0, "the pinned messages to come back");
    }

    [Fact]
    public async Task A_client_that_asks_and_does_not_read_is_not_read_from_either()
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        byte[] value = Pattern.Create(1024 * 1024, 1);
        await db.StringSetAsync("k", value);
        using RawClient reader = server.ConnectRaw(receiveBuffer: 4096);
        const int Requests = 40;
        for (int i = 0; i < Requests; i++)
        {
            reader.Send("GET k\r\n");
        }

        await Task.Delay(200);
        Assert.InRange(server.Server.StorageCounters.LivePins, 1, 4);
        for (int i = 0; i < Requests; i++)
        {
            reader.ExpectBulk(value);
        }
    }

    [Fact]
    public async Task Stopping_finishes_what_is_being_sent()
    {
        var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        byte[] value = Pattern.Create(Length, 1);
        await db.StringSetAsync("k", value);
        using RawClient reader = server.ConnectRaw(receiveBuffer: 4096);
        reader.Send("GET k\r\n");
        await TestServer.UntilAsync(() => server.Server.StorageCounters.LivePins == 1, "the value to be pinned");
        Task stopping = server.Server.StopAsync();
        await Task.Delay(50);
        Assert.False(stopping.IsCompleted);
        reader.ExpectBulk(value);
        await stopping;
        Assert.Equal("", reader.ReceiveToEnd());
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_ever()
    {
        var server = new TestServer(new RespServerOptions { DrainTimeout = TimeSpan.FromMilliseconds(200) });
        IDatabase db = await server.ConnectDatabaseAsync();
        await db.StringSetAsync("k", new byte[Length]);
        using RawClient reader = server.ConnectRaw(receiveBuffer: 4096);
        reader.Send("GET k\r\n");
        await TestServer.UntilAsync(() => server.Server.StorageCounters.LivePins == 1, "the value to be pinned");
        await server.DisposeAsync();
    }
}
