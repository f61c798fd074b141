using FastBuffers.Samples.Resp.Demo;
using FastBuffers.Samples.Resp.Storage;
using FastBuffers.Samples.Resp.Tests.Infrastructure;
using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Tests.Net;

/// <summary>Values are rentals: they count within the limit, and their memory is back when they have gone.</summary>
public sealed class PoolTests
{
    private const int MiB = 1024 * 1024;

    [Theory]
    [InlineData("DEL")]
    [InlineData("FLUSHALL")]
    public async Task What_is_deleted_is_back_in_the_pool(string command)
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        for (int i = 0; i < 300; i++)
        {
            await db.StringSetAsync($"k{i}", Pattern.Create(i * 50, (ulong)i));
        }

        // Published, edited, grown in place and in another block, and small ones of many slabs.
        await db.StringSetRangeAsync("k200", 5000, new byte[5000]);
        await db.StringSetRangeAsync("k201", 100_000, new byte[10]);
        await db.StringAppendAsync("k202", "x");
        await db.StringGetAsync("k201");
        RegionPoolStatistics before = server.Server.Memory.Statistics;
        Assert.InRange(before.RentedBytes, 300 * 299 * 25, 300 * 299 * 50);
        Assert.Equal(300 * (NameReserve.NameOverhead + 3) / NameReserve.LotBytes * NameReserve.LotBytes, server.Server.Memory.NameBytes);

        if (command == "DEL")
        {
            await db.KeyDeleteAsync([.. Enumerable.Range(0, 300).Select(static i => (RedisKey)$"k{i}")]);
        }
        else
        {
            await db.ExecuteAsync(command);
        }

        await TestServer.UntilAsync(() => server.Server.Memory.Statistics.RentedBytes == 0, "the last replies to be sent");
        RegionPoolStatistics after = server.Server.Memory.Statistics;
        Assert.Equal(after.Rents, after.Returns);
        Assert.Equal(after.ReservedBytes, after.CachedBytes);
        Assert.InRange(after.PeakRentedBytes, before.RentedBytes, long.MaxValue);
    }

    [Fact]
    public async Task INFO_shows_the_pool()
    {
        await using var server = new TestServer(new RespServerOptions { MaxMemory = 8 * MiB });
        IDatabase db = await server.ConnectDatabaseAsync();
        await db.StringSetAsync("k", Pattern.Create(MiB, 1));
        await Assert.ThrowsAsync<RedisServerException>(() => db.StringSetAsync("large", new byte[20 * MiB]));

        Dictionary<string, long> pool = await InfoAsync(db, "pool");
        Dictionary<string, long> memory = await InfoAsync(db, "memory");
        Assert.InRange(pool["rented_bytes"], MiB, MiB * 9 / 8);
        Assert.Equal(pool["reserved_bytes"], pool["rented_bytes"] + pool["cached_bytes"]);
        Assert.InRange(pool["reserved_bytes"], pool["rented_bytes"], 8 * MiB);
        Assert.InRange(pool["peak_rented_bytes"], pool["rented_bytes"], 8 * MiB);
        Assert.InRange(pool["rents"], 2, long.MaxValue);
        Assert.Equal(1, pool["rents"] - pool["returns"]);
        Assert.InRange(pool["misses"], 1, pool["rents"]);
        Assert.Equal((0, 0), (pool["leaks"], pool["double_returns"]));
        Assert.Equal(1, pool["refused"]);
        Assert.Equal(pool["rented_bytes"], memory["used_memory"]);
        Assert.Equal(pool["rented_bytes"], memory["used_memory_native"]);
        Assert.Equal(pool["peak_rented_bytes"], memory["used_memory_peak"]);
        Assert.Equal(pool["cached_bytes"], memory["used_memory_cached"]);
        Assert.Equal(pool["reserved_bytes"], memory["used_memory_reserved"]);
        Assert.Equal(8 * MiB, memory["maxmemory"]);
    }

    [Fact]
    public async Task What_is_cached_makes_room_for_other_sizes()
    {
        await using var server = new TestServer(new RespServerOptions { MaxMemory = 8 * MiB });
        IDatabase db = await server.ConnectDatabaseAsync();
        for (int length = 5000; length < 6 * MiB; length += length / 3)
        {
            byte[] value = Pattern.Create(length, (ulong)length);
            Assert.True(await db.StringSetAsync("k", value));
            Assert.True(((byte[])(await db.StringGetAsync("k"))!).AsSpan().SequenceEqual(value), "The value's bytes differ.");
            await TestServer.UntilAsync(() => server.Server.StorageCounters.LivePins == 0, "the value to be sent");
            await db.KeyDeleteAsync("k");
            Assert.Equal(0, server.NativeBytes);
        }
    }

    [Fact]
    public async Task Clients_killed_while_they_send_and_receive_leave_no_rental()
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        await db.StringSetAsync("k", Pattern.Create(24 * MiB, 1));
        byte[] half = [.. "*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$3000000\r\n"u8, .. Pattern.Create(MiB, 2)];
        byte[] edit = [.. "*4\r\n$8\r\nSETRANGE\r\n$1\r\nk\r\n$1\r\n5\r\n$8000\r\n"u8, .. Pattern.Create(7000, 2)];
        for (int i = 0; i < 20; i++)
        {
            using RawClient reader = server.ConnectRaw(receiveBuffer: 4096);
            using RawClient writer = server.ConnectRaw();
            using RawClient editor = server.ConnectRaw();
            reader.Send("GET k\r\n");
            writer.Send(half);
            editor.Send(edit);
            reader.Receive(1000 * i);
        }

        await TestServer.UntilAsync(() => server.Server.Connections.Count == 1 + 1, "all to be gone");
        await TestServer.UntilAsync(() => server.Server.Memory.Regions == 1, "what they held to be returned");
        await db.KeyDeleteAsync("k");
        Assert.Equal(0, server.Server.Memory.Used);
    }

    private static async Task<Dictionary<string, long>> InfoAsync(IDatabase db, string section)
    {
        string text = (string)(await db.ExecuteAsync("INFO", section))!;
        return text.Split("\r\n").Select(static line => line.Split(':')).Where(static pair => pair.Length == 2 && long.TryParse(pair[1], out _))
            .ToDictionary(static pair => pair[0], static pair => long.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
