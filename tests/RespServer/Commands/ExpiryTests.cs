using FastBuffers.Samples.Resp.Storage;
using FastBuffers.Samples.Resp.Tests.Infrastructure;
using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Tests.Commands;

public sealed class ExpiryTests
{
    [Fact]
    public async Task Keys_go_when_their_time_has_come()
    {
        var time = new ManualTime();
        await using var server = new TestServer(new RespServerOptions { TimeProvider = time, SweepInterval = TimeSpan.FromDays(1) });
        IDatabase db = await server.ConnectDatabaseAsync();
        await db.StringSetAsync("ex", "1", TimeSpan.FromSeconds(10));
        await db.StringSetAsync("px", "1", TimeSpan.FromMilliseconds(1500));
        await db.StringSetAsync("later", "1");
        Assert.True(await db.KeyExpireAsync("later", TimeSpan.FromSeconds(20)));
        Assert.False(await db.KeyExpireAsync("nope", TimeSpan.FromSeconds(20)));

        time.Advance(TimeSpan.FromMilliseconds(1499));
        Assert.Equal("1", await db.StringGetAsync("px"));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True((await db.StringGetAsync("px")).IsNull);
        Assert.Equal(TimeSpan.FromMilliseconds(8500), await db.KeyTimeToLiveAsync("ex"));

        // A new value forgets the old time to live; an edit keeps it.
        await db.StringSetAsync("ex", "2");
        await db.StringAppendAsync("later", "2");
        Assert.Null(await db.KeyTimeToLiveAsync("ex"));
        Assert.Equal(TimeSpan.FromMilliseconds(18_500), await db.KeyTimeToLiveAsync("later"));
        Assert.True(await db.KeyPersistAsync("later"));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("12", await db.StringGetAsync("later"));
        Assert.True(await db.KeyExpireAsync("later", TimeSpan.FromSeconds(-1)));
        Assert.False(await db.KeyExistsAsync("later"));
    }

    [Fact]
    public async Task The_sweep_frees_what_nobody_asks_for()
    {
        var time = new ManualTime();
        await using var server = new TestServer(new RespServerOptions { TimeProvider = time, SendTimeout = TimeSpan.FromMinutes(5) });
        IDatabase db = await server.ConnectDatabaseAsync();
        for (int i = 0; i < 1000; i++)
        {
            await db.StringSetAsync($"k{i}", new byte[i % 2 == 0 ? 10 : 5000], TimeSpan.FromSeconds(1 + (i % 3)));
        }

        await db.StringSetAsync("stays", new byte[5000]);
        time.Advance(TimeSpan.FromSeconds(2));
        await TestServer.UntilAsync(() => server.Server.Keyspace.Count == 334, "two thirds to be swept");
        time.Advance(TimeSpan.FromSeconds(2));
        await TestServer.UntilAsync(() => server.Server.Keyspace.Count == 1, "the rest to be swept");
        Assert.InRange(server.NativeBytes, 5000, 5018 + Slab.Bytes);
    }
}
