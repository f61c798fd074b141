using FastBuffers.Samples.Resp.Demo;
using FastBuffers.Samples.Resp.Tests.Infrastructure;
using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Tests.Commands;

/// <summary>Every command, through StackExchange.Redis.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Strings()
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        Assert.True((await db.StringGetAsync("a")).IsNull);
        Assert.True(await db.StringSetAsync("a", "1"));
        Assert.Equal("1", await db.StringGetAsync("a"));
        Assert.False(await db.StringSetAsync("a", "2", when: When.NotExists));
        Assert.False(await db.StringSetAsync("b", "2", when: When.Exists));
        Assert.Equal("1", await db.StringSetAndGetAsync("a", "3"));
        Assert.True(await db.StringSetAsync([new("c", "x"), new("d", "y"), new("c", "z")]));
        Assert.Equal(["3", "z", RedisValue.Null, "y"], await db.StringGetAsync(["a", "c", "nope", "d"]));
        Assert.Equal(1, await db.StringLengthAsync("c"));
        Assert.Equal(0, await db.StringLengthAsync("nope"));
        Assert.Equal(2, await db.KeyExistsAsync(["a", "c", "nope"]));
        Assert.True(await db.KeyDeleteAsync("a"));
        Assert.Equal(2, await db.KeyDeleteAsync(["a", "c", "d"]));
    }

    [Fact]
    public async Task Ranges()
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        Assert.Equal(5, await db.StringAppendAsync("a", "Hello"));
        Assert.Equal(11, await db.StringAppendAsync("a", " World"));
        Assert.Equal("World", await db.StringGetRangeAsync("a", -5, -1));
        Assert.Equal("", await db.StringGetRangeAsync("a", 5, 2));
        Assert.Equal(11, (long)await db.StringSetRangeAsync("a", 6, "Redis"));
        Assert.Equal("Hello Redis", await db.StringGetAsync("a"));
        Assert.Equal(8, (long)await db.StringSetRangeAsync("b", 5, "xyz"));
        Assert.Equal("\0\0\0\0\0xyz", await db.StringGetAsync("b"));
    }

    [Fact]
    public async Task Counters()
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        Assert.Equal(1, await db.StringIncrementAsync("n"));
        Assert.Equal(11, await db.StringIncrementAsync("n", 10));
        Assert.Equal(10, await db.StringDecrementAsync("n"));
        Assert.Equal(-90, await db.StringDecrementAsync("n", 100));
        Assert.Equal("-90", await db.StringGetAsync("n"));
        await db.StringSetAsync("n", long.MaxValue);
        RedisServerException overflow = await Assert.ThrowsAsync<RedisServerException>(() => db.StringIncrementAsync("n"));
        Assert.Equal("ERR increment or decrement would overflow", overflow.Message);
        await db.StringSetAsync("n", "ten");
        await Assert.ThrowsAsync<RedisServerException>(() => db.StringIncrementAsync("n"));
    }

    [Fact]
    public async Task Server_and_connection()
    {
        await using var server = new TestServer();
        ConnectionMultiplexer client = await server.ConnectAsync();
        IServer admin = client.GetServers()[0];
        IDatabase db = client.GetDatabase();
        Assert.True(await db.PingAsync() > TimeSpan.Zero);
        Assert.Equal("hello", (string?)await db.ExecuteAsync("ECHO", "hello"));
        Assert.True(await admin.EchoAsync("x") == "x");
        await db.StringSetAsync("a", 1);
        Assert.Equal(1, await admin.DatabaseSizeAsync());
        Assert.Contains(await admin.InfoAsync("memory"), group => group.Key == "Memory" && group.Any(pair => pair.Key == "used_memory"));
        Assert.Equal("1073741824", (await admin.ConfigGetAsync("maxmemory")).Single().Value);
        Assert.True((int)await db.ExecuteAsync("COMMAND", "COUNT") > 30);
        Assert.Equal((int)await db.ExecuteAsync("COMMAND", "COUNT"), (await db.ExecuteAsync("COMMAND")).Length);
        Assert.True((long)await db.ExecuteAsync("CLIENT", "ID") > 0);
        await admin.FlushAllDatabasesAsync();
        Assert.Equal(0, await admin.DatabaseSizeAsync());
        Assert.Equal(0, server.NativeBytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(16 * 1024 - 18)]
    [InlineData(16 * 1024 + 1)]
    [InlineData(99_999)]
    [InlineData(100_000)]
    [InlineData(5_000_000)]
    public async Task Values_come_back_byte_for_byte(int length)
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        byte[] value = Pattern.Create(length, (ulong)length);
        await db.StringSetAsync("k", value);
        AssertBytes(value, await db.StringGetAsync("k"));
        AssertBytes(value, (RedisValue)await db.ExecuteAsync("ECHO", value));
        Assert.Equal(length, await db.StringLengthAsync("k"));
        byte[] half = value[(length / 2)..];
        AssertBytes(half, await db.StringGetRangeAsync("k", length / 2, length));
        await db.StringSetAsync([new("m", value), new("n", half)]);
        RedisValue[] both = await db.StringGetAsync(["m", "n"]);
        AssertBytes(value, both[0]);
        AssertBytes(half, both[1]);
    }

    [Fact]
    public async Task Keys_may_be_large_and_hold_any_byte()
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        byte[] key = Pattern.Create(10_000, 1);
        await db.StringSetAsync(key, "v");
        Assert.Equal("v", await db.StringGetAsync(key));
        Assert.True(await db.KeyDeleteAsync(key));
    }

    // Assert.Equal goes through arrays one boxed byte at a time.
    private static void AssertBytes(byte[] expected, RedisValue actual)
    {
        ReadOnlyMemory<byte> bytes = actual;
        Assert.True(bytes.Span.SequenceEqual(expected), "The value's bytes differ.");
    }
}
