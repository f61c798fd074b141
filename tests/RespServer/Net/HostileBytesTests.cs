using System.Text;
using CsCheck;
using FastBuffers.Samples.Resp.Demo;
using FastBuffers.Samples.Resp.Storage;
using FastBuffers.Samples.Resp.Tests.Infrastructure;
using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Tests.Net;

/// <summary>Clients that send anything. They get an error and are closed; a well-behaved client beside them notices nothing.</summary>
public sealed class HostileBytesTests
{
    [Theory]
    [InlineData("*abc\r\n", "invalid multibulk length")]
    [InlineData("*1048577\r\n", "invalid multibulk length")]
    [InlineData("*2147483648\r\n", "invalid multibulk length")]
    [InlineData("*1\r\n:1\r\n", "expected '$', got ':'")]
    [InlineData("*1\r\n$-1\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$536870913\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$99999999999999999999\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$4\r\nPINGxx", "expected CRLF after bulk")]
    [InlineData("\"PING\r\n", "unbalanced quotes in request")]
    public async Task A_protocol_error_is_answered_and_the_connection_closed(string bytes, string message)
    {
        await using var server = new TestServer();
        using RawClient good = server.ConnectRaw();
        using RawClient bad = server.ConnectRaw();
        bad.Send("PING\r\n" + bytes + "PING\r\n");
        Assert.Equal($"+PONG\r\n-ERR Protocol error: {message}\r\n", bad.ReceiveToEnd());
        good.Call("+PONG\r\n", "PING");
        Assert.Equal(1, server.Server.Counters.ProtocolErrors);
    }

    [Fact]
    public async Task An_endless_line_is_cut_off()
    {
        await using var server = new TestServer();
        using RawClient bad = server.ConnectRaw();
        bad.Send(new string('A', 100_000));
        Assert.Equal("-ERR Protocol error: too big inline request\r\n", bad.ReceiveToEnd());
    }

    [Fact]
    public async Task A_browser_is_hung_up_on()
    {
        await using var server = new TestServer();
        using RawClient browser = server.ConnectRaw();
        browser.Send("POST / HTTP/1.1\r\nHost: localhost\r\n\r\nFLUSHALL\r\n");
        Assert.Equal("", browser.ReceiveToEnd());
    }

    [Fact]
    public async Task Thousands_of_commands_in_one_packet_are_all_answered_in_order()
    {
        await using var server = new TestServer();
        using RawClient client = server.ConnectRaw();
        const int Commands = 20_000;
        var requests = new StringBuilder();
        var replies = new StringBuilder();
        for (int i = 1; i <= Commands; i++)
        {
            requests.Append("*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n");
            replies.Append(':').Append(i).Append("\r\n");
        }

        client.Send(requests.ToString());
        client.Expect(replies.ToString());
    }

    [Fact]
    public async Task A_command_may_come_byte_by_byte()
    {
        await using var server = new TestServer();
        using RawClient client = server.ConnectRaw();
        byte[] command = [.. RawClient.Encode("SET", "k", new string('x', 4100)), .. RawClient.Encode("STRLEN", "k")];
        foreach (byte one in command)
        {
            client.Send([one]);
        }

        client.Expect("+OK\r\n:4100\r\n");
    }

    [Fact]
    public async Task Clients_beyond_the_maximum_are_told_so()
    {
        await using var server = new TestServer(new RespServerOptions { MaxClients = 2 });
        using RawClient first = server.ConnectRaw();
        using (RawClient second = server.ConnectRaw())
        {
            first.Call("+PONG\r\n", "PING");
            second.Call("+PONG\r\n", "PING");
            using RawClient third = server.ConnectRaw();
            Assert.Equal("-ERR max number of clients reached\r\n", third.ReceiveToEnd());
        }

        await TestServer.UntilAsync(() => server.Server.Connections.Count == 1, "the second to be gone");
        using RawClient fourth = server.ConnectRaw();
        fourth.Call("+PONG\r\n", "PING");
    }

    [Fact]
    public async Task Clients_that_vanish_in_the_middle_of_anything_leave_nothing()
    {
        await using var server = new TestServer();
        byte[] stream = [.. RawClient.Encode("SET", "k", new string('x', 50_000)), .. RawClient.Encode("GET", "k")];
        for (int length = 1; length < stream.Length; length += 997)
        {
            using RawClient client = server.ConnectRaw();
            client.Send(stream.AsSpan(0, length));
        }

        using (RawClient last = server.ConnectRaw())
        {
            last.Call("+OK\r\n", "FLUSHALL");
        }

        await TestServer.UntilAsync(() => server.Server.Connections.Count == 0, "all to be gone");
        Assert.InRange(server.Server.Memory.Used, 0, 53_248 + NameReserve.LotBytes);
    }

    [Fact]
    public async Task Garbage_hurts_nobody_else()
    {
        await using var server = new TestServer(new RespServerOptions { MaxMemory = 64 * 1024 * 1024 });
        IDatabase db = await server.ConnectDatabaseAsync();
        using var stop = new CancellationTokenSource();
        Task<int> good = Task.Run(async () =>
        {
            int calls = 0;
            for (; !stop.IsCancellationRequested; calls++)
            {
                byte[] value = Pattern.Create(calls * 37 % 20_000, (ulong)calls);
                await db.StringSetAsync("good", value);
                Assert.Equal(value, (byte[]?)await db.StringGetAsync("good"));
            }

            return calls;
        });

        // Mostly like commands, so that it gets past the first byte.
        string[] words =
        [
            "*3\r\n$3\r\nSET\r\n$3\r\nbad\r\n", "$5\r\nhello\r\n", "$5000\r\n", "$-1\r\n", "*2\r\n", "*-1\r\n", "*1000000\r\n", "$536870912\r\n", "\r\n",
            "*2\r\n$3\r\nGET\r\n$3\r\nbad\r\n", "*3\r\n$6\r\nAPPEND\r\n$3\r\nbad\r\n", "*4\r\n$8\r\nSETRANGE\r\n$3\r\nbad\r\n$4\r\n9999\r\n", "PING \"\\x\r\n",
            "SUBSCRIBE c\r\n", "*2\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n", "*3\r\n$7\r\nPUBLISH\r\n$1\r\nc\r\n", "HELLO 3\r\n", "INFO\r\n", "CLIENT LIST\r\n", new string('x', 6000),
        ];
        Gen<byte[]> garbage = Gen.OneOf(
            Gen.Byte.Array[0, 2000],
            Gen.Int[0, words.Length - 1].Array[1, 20].Select(parts => Encoding.Latin1.GetBytes(string.Concat(parts.Select(part => words[part])))));
        garbage.Sample(
            bytes =>
            {
                using RawClient bad = server.ConnectRaw();
                try
                {
                    bad.Send(bytes);
                    bad.EndSending();
                    bad.ReceiveToEnd();
                }
                catch (System.Net.Sockets.SocketException)
                {
                    // Closed by the server before all was sent.
                }

                return true;
            },
            iter: 1500,
            threads: 2);
        await stop.CancelAsync();
        Assert.True(await good > 10);
        await TestServer.UntilAsync(() => server.Server.Connections.Count == 2, "the bad clients to be gone");
    }
}
