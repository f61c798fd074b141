using System.Globalization;
using System.Text;
using FastBuffers.Samples.Resp.Demo;
using FastBuffers.Samples.Resp.Storage;
using FastBuffers.Samples.Resp.Tests.Infrastructure;
using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Tests.Net;

/// <summary>While an edit runs outside the keyspace's lock: who needs its bytes waits for it and loses nothing of it; others go on.</summary>
public sealed class RunningEditTests
{
    private const int Length = 256 * 1024;
    private const int EditStart = 100_000;
    private const int EditLength = 50_000;

    private readonly byte[] _old = Pattern.Create(Length, 1);
    private readonly byte[] _edit = Pattern.Create(EditLength, 2);

    [Theory]
    [InlineData("GET")]
    [InlineData("MGET")]
    [InlineData("SET GET")]
    [InlineData("SET NX GET")]
    [InlineData("GETRANGE small")]
    [InlineData("GETRANGE large")]
    [InlineData("SETRANGE small")]
    [InlineData("SETRANGE large")]
    [InlineData("SETRANGE grows")]
    [InlineData("APPEND grows")]
    public async Task A_command_that_needs_the_bytes_waits_and_then_sees_the_edit(string command)
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        await db.StringSetAsync("k", _old);
        await db.StringSetAsync("other", "o");
        byte[] expected = (byte[])_old.Clone();
        _edit.CopyTo(expected, EditStart);
        using var running = RunningEdit.Begin(server, "k", EditStart, EditLength);

        using RawClient client = server.ConnectRaw();
        byte[] more = Pattern.Create(command.EndsWith("small", StringComparison.Ordinal) ? 10 : 20_000, 3);
        client.Send(command switch
        {
            "GET" => RawClient.Encode("GET", "k"),
            "MGET" => RawClient.Encode("MGET", "other", "k", "other"),
            "SET GET" => RawClient.Encode("SET", "k", "new", "GET"),
            "SET NX GET" => RawClient.Encode("SET", "k", "new", "NX", "GET"),
            "GETRANGE small" => RawClient.Encode("GETRANGE", "k", Text(EditStart - 5), Text(EditStart)),
            "GETRANGE large" => RawClient.Encode("GETRANGE", "k", Text(EditStart + EditLength - 1), "-1"),
            "APPEND grows" => RawClient.Encode("APPEND", "k", Encoding.Latin1.GetString(more)),
            _ => [],
        });
        int start = command == "SETRANGE grows" ? Length + 10 : EditStart - 1;
        if (command.StartsWith("SETRANGE", StringComparison.Ordinal))
        {
            client.SendSetRange("k", start, more);
        }

        // What comes after it on the same connection comes after it.
        client.Send("PING\r\n");
        StorageCounters counters = server.Server.StorageCounters;
        await TestServer.UntilAsync(() => counters.CommandsWaited == 1, "the command to meet the edit");
        Assert.Equal("o", await db.StringGetAsync("other"));
        Assert.True(await db.StringSetAsync("another", "a"));
        running.End(_edit);

        switch (command)
        {
            case "GET" or "SET GET" or "SET NX GET":
                client.ExpectBulk(expected);
                break;
            case "MGET":
                client.Expect("*3\r\n$1\r\no\r\n");
                client.ExpectBulk(expected);
                client.Expect("$1\r\no\r\n");
                break;
            case "GETRANGE small":
                client.ExpectBulk(expected.AsSpan(EditStart - 5, 6));
                break;
            case "GETRANGE large":
                client.ExpectBulk(expected.AsSpan(EditStart + EditLength - 1));
                break;
            default:
                start = command == "APPEND grows" ? Length : start;
                Array.Resize(ref expected, Math.Max(Length, start + more.Length));
                more.CopyTo(expected, start);
                client.Expect($":{expected.Length}\r\n");
                break;
        }

        client.Expect("+PONG\r\n");
        byte[] now = (await db.StringGetAsync("k"))!;
        Assert.True(now.AsSpan().SequenceEqual(command == "SET GET" ? "new"u8 : expected), "The value's bytes differ.");
        Assert.Equal(1, counters.CommandsWaited);
        Assert.Equal(0, counters.ConflictsCopied);
    }

    [Fact]
    public async Task No_copy_is_made_of_a_value_while_a_part_of_it_is_being_edited()
    {
        const int Sent = 24 * 1024 * 1024;
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        byte[] old = Pattern.Create(Sent + Length, 1);
        byte[] expected = (byte[])old.Clone();
        await db.StringSetAsync("k", old);
        using RawClient reader = server.ConnectRaw(receiveBuffer: 4096);
        reader.Send(RawClient.Encode("GETRANGE", "k", "0", Text(Sent - 1)));
        StorageCounters counters = server.Server.StorageCounters;
        await TestServer.UntilAsync(() => counters.LivePins == 1, "the part to be pinned");
        using var running = RunningEdit.Begin(server, "k", Sent + 10, EditLength);

        // It meets the sender, so that it has to copy; what is being edited elsewhere must be in the copy.
        using RawClient client = server.ConnectRaw();
        client.SendSetRange("k", 5, "x"u8);
        await TestServer.UntilAsync(() => counters.CommandsWaited == 1, "the command to meet the edit");
        Assert.Equal(0, counters.ConflictsCopied);
        running.End(_edit);
        client.Expect($":{old.Length}\r\n");
        Assert.Equal(1, counters.ConflictsCopied);
        expected[5] = (byte)'x';
        _edit.CopyTo(expected, Sent + 10);
        byte[] now = (await db.StringGetAsync("k"))!;
        Assert.True(now.AsSpan().SequenceEqual(expected), "The value's bytes differ.");
        reader.ExpectBulk(old.AsSpan(0, Sent));
    }

    [Theory]
    [InlineData("DEL")]
    [InlineData("SET")]
    [InlineData("FLUSHALL")]
    [InlineData("expiry")]
    public async Task A_value_that_goes_while_it_is_edited_stays_until_the_edit_is_over(string command)
    {
        var time = new ManualTime();
        await using var server = new TestServer(new RespServerOptions { TimeProvider = time, SendTimeout = TimeSpan.FromMinutes(5) });
        IDatabase db = await server.ConnectDatabaseAsync();
        await db.StringSetAsync("k", _old, TimeSpan.FromSeconds(10));
        using var running = RunningEdit.Begin(server, "k", EditStart, EditLength);
        switch (command)
        {
            case "DEL":
                Assert.True(await db.KeyDeleteAsync("k"));
                break;
            case "SET":
                Assert.True(await db.StringSetAsync("k", "new"));
                break;
            case "FLUSHALL":
                await db.ExecuteAsync("FLUSHALL");
                break;
            default:
                time.Advance(TimeSpan.FromSeconds(11));
                await TestServer.UntilAsync(() => server.Server.Keyspace.Count == 0, "the key to expire");
                break;
        }

        Assert.Equal(command == "SET" ? "new" : RedisValue.Null, await db.StringGetAsync("k"));
        Assert.Equal(1, server.Server.StorageCounters.VersionsOutlived);
        Assert.True(server.NativeBytes >= Length);
        running.End(_edit);
        Assert.InRange(server.NativeBytes, 0, command == "SET" ? Slab.Bytes : 0);
        Assert.Equal(command == "SET" ? "new" : RedisValue.Null, await db.StringGetAsync("k"));
        Assert.Equal(0, server.Server.StorageCounters.CommandsWaited);
    }

    [Fact]
    public async Task A_waiting_command_finds_the_new_value_if_the_old_one_goes()
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        await db.StringSetAsync("k", _old);
        using var running = RunningEdit.Begin(server, "k", EditStart, EditLength);
        using RawClient reader = server.ConnectRaw();
        reader.Send("GET k\r\n");
        using RawClient writer = server.ConnectRaw();
        writer.SendSetRange("k", EditStart, "x"u8);
        await TestServer.UntilAsync(() => server.Server.StorageCounters.CommandsWaited == 2, "both to meet the edit");
        await db.KeyDeleteAsync("k");
        await db.StringSetAsync("k", "new");
        running.End(_edit);
        byte[] expected = new byte[EditStart + 1];
        "new"u8.CopyTo(expected);
        expected[EditStart] = (byte)'x';
        writer.Expect($":{expected.Length}\r\n");
        Assert.True(reader.Receive(5).AsSpan() is [(byte)'$', ..]);
        byte[] now = (await db.StringGetAsync("k"))!;
        Assert.True(now.AsSpan().SequenceEqual(expected), "The value's bytes differ.");
    }

    [Fact]
    public async Task Edits_that_keep_coming_do_not_starve_who_waits()
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        await db.StringSetAsync("k", _old);
        byte[] expected = (byte[])_old.Clone();
        _edit.CopyTo(expected, EditStart);
        using var running = RunningEdit.Begin(server, "k", EditStart, EditLength);
        using RawClient reader = server.ConnectRaw();
        reader.Send("GET k\r\n");
        await TestServer.UntilAsync(() => server.Server.StorageCounters.CommandsWaited == 1, "the command to meet the edit");

        // From here on edits run under the lock: they are done, in place, and none is left running when the first one ends.
        Assert.Null(RunningEdit.TryBegin(server, "k", 0, 5000));
        byte[] other = Pattern.Create(5000, 4);
        other.CopyTo(expected, 0);
        Assert.Equal(Length, (long)await db.StringSetRangeAsync("k", 0, other));
        Assert.Equal(1, server.Server.StorageCounters.CommandsWaited);
        running.End(_edit);
        reader.ExpectBulk(expected);
        await TestServer.UntilAsync(() => server.Server.StorageCounters.LivePins == 0, "the value to be sent");
        using var next = RunningEdit.Begin(server, "k", 0, 5000);
        next.End(other);
    }

    [Fact]
    public async Task Clients_that_edit_the_same_bytes_take_turns_and_every_acknowledged_edit_is_whole()
    {
        const int Clients = 4;
        const int Rounds = 60;
        const int Blocks = 8;
        const int BlockLength = 64 * 1024;
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        byte[] value = new byte[Blocks * BlockLength];
        for (int block = 0; block < Blocks; block++)
        {
            Pattern.CreateTagged(BlockLength, (ulong)block).CopyTo(value, block * BlockLength);
        }

        await db.StringSetAsync("k", value);
        await Task.WhenAll(Enumerable.Range(1, Clients).Select(client => Task.Run(() => Edit(client))));
        byte[] last = (await db.StringGetAsync("k"))!;
        AssertBlocks(last);

        // Each client's last edit of its own block, which nobody else touched, is there.
        for (int client = 1; client <= Clients; client++)
        {
            Pattern.IsTagged(last.AsSpan((Blocks - client) * BlockLength, BlockLength), out ulong seed);
            Assert.Equal(((ulong)client << 32) + Rounds, seed);
        }

        void Edit(int number)
        {
            using RawClient client = server.ConnectRaw();
            var random = new Random(number);
            for (int i = 1; i <= Rounds; i++)
            {
                // The first half of the blocks is everybody's.
                int block = i == Rounds ? Blocks - number : random.Next(Blocks / 2);
                client.SendSetRange("k", block * BlockLength, Pattern.CreateTagged(BlockLength, ((ulong)number << 32) + (ulong)i));
                client.Expect($":{value.Length}\r\n");
                if (i % 3 == 0)
                {
                    client.Send("GET k\r\n");
                    client.Expect($"${value.Length}\r\n");
                    AssertBlocks(client.Receive(value.Length));
                    client.Expect("\r\n");
                }
            }
        }

        static void AssertBlocks(byte[] bytes)
        {
            for (int block = 0; block < Blocks; block++)
            {
                Assert.True(Pattern.IsTagged(bytes.AsSpan(block * BlockLength, BlockLength), out _), "A block is not one whole edit.");
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
