using FastBuffers.Samples.Resp.Demo;
using FastBuffers.Samples.Resp.Tests.Infrastructure;
using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Tests.Net;

public sealed class PubSubTests
{
    [Fact]
    public async Task Every_listener_gets_every_message_in_order_and_one_region_serves_all()
    {
        await using var server = new TestServer();
        RawClient[] listeners = [server.ConnectRaw(), server.ConnectRaw(), server.ConnectRaw()];
        foreach (RawClient listener in listeners)
        {
            listener.Call("*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n", "SUBSCRIBE", "c");
        }

        IDatabase publisher = await server.ConnectDatabaseAsync();
        int[] lengths = [0, 1, 4095, 4096, 100_000, 1_000_000];
        foreach (int length in lengths)
        {
            Assert.Equal(3, await publisher.PublishAsync(RedisChannel.Literal("c"), Pattern.Create(length, 1)));
        }

        foreach (RawClient listener in listeners)
        {
            foreach (int length in lengths)
            {
                listener.Expect("*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n");
                listener.ExpectBulk(Pattern.Create(length, 1));
            }

            listener.Dispose();
        }

        await TestServer.UntilAsync(() => server.Server.Connections.Count == 2, "the listeners to be gone");
        Assert.Equal(0, await publisher.PublishAsync(RedisChannel.Literal("c"), "x"));
        Assert.Equal(0, server.NativeBytes);
    }

    [Fact]
    public async Task Three_listeners_pin_one_region()
    {
        const int Length = 24 * 1024 * 1024;
        await using var server = new TestServer();
        RawClient[] listeners = [server.ConnectRaw(4096), server.ConnectRaw(4096), server.ConnectRaw(4096)];
        foreach (RawClient listener in listeners)
        {
            listener.Call("*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n", "SUBSCRIBE", "c");
        }

        IDatabase publisher = await server.ConnectDatabaseAsync();
        await publisher.PublishAsync(RedisChannel.Literal("c"), Pattern.Create(Length, 1));
        await TestServer.UntilAsync(() => server.Server.StorageCounters.LivePins == 3, "three shares to be out");
        Assert.InRange(server.NativeBytes, Length, Length + (64 * 1024));
        foreach (RawClient listener in listeners)
        {
            listener.Expect("*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n");
            listener.ExpectBulk(Pattern.Create(Length, 1));
            listener.Dispose();
        }
    }
}
