using FastBuffers.Samples.Resp.Demo;
using FastBuffers.Samples.Resp.Tests.Infrastructure;
using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Tests.Commands;

public sealed class HoldsInfoTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public async Task INFO_holds_shows_what_is_held_now_by_kind_and_range()
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        await db.StringSetAsync("sent", Pattern.Create(24 * MiB, 1));
        await db.StringSetAsync("edited", Pattern.Create(MiB, 2));
        await db.StringSetAsync("quiet", Pattern.Create(2 * MiB, 2));
        await db.StringSetAsync("small", "v");
        using RawClient reader = server.ConnectRaw(receiveBuffer: 4096);
        reader.Send("GET sent\r\n");
        await TestServer.UntilAsync(() => server.Server.StorageCounters.LivePins == 1, "the value to be pinned");
        using var one = RunningEdit.Begin(server, "edited", 0, 5000);
        using var two = RunningEdit.Begin(server, "edited", 5000, 6000);

        string[] lines = ((string)(await db.ExecuteAsync("INFO", "holds"))!).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("# Holds", lines[0]);
        Assert.Contains("regions:4", lines);
        Assert.Contains("large_values:3", lines);
        Assert.Contains("read_now:0", lines);
        Assert.Contains("immutable_now:3", lines);
        Assert.Contains("exclusive_now:2", lines);
        Assert.Contains("ranged_now:2", lines);
        Assert.Contains("live_pins:1", lines);
        Assert.Contains("writes_in_place:2", lines);
        Assert.Contains("conflicts_copied:0", lines);
        Assert.Contains("commands_waited:0", lines);

        // Most holds first, then the largest; positions are the region's, in which 16 bytes precede the value.
        const string Whole = "Immutable[0;25165842)";
        Assert.Contains($"value0:key=sent,length=25165824,capacity=25165824,holds=2,ranged=0,ranges={Whole}|{Whole}", lines);
        const string Parts = "Exclusive[16;5016)|Exclusive[5016;11016)";
        Assert.Contains($"value1:key=edited,length=1048576,capacity=1048576,holds=2,ranged=2,ranges={Parts}", lines);
        Assert.Contains("value2:key=quiet,length=2097152,capacity=2097152,holds=1,ranged=0,ranges=Immutable[0;2097170)", lines);
        one.End(new byte[5000]);
        two.End(new byte[6000]);
    }

    [Fact]
    public async Task The_section_is_bounded_and_no_key_breaks_a_line()
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        for (int i = 0; i < 20; i++)
        {
            await db.StringSetAsync($"a,b=c\r\n\\{i:00}{new string('x', 100)}", new byte[5000 + i]);
        }

        string text = (string)(await db.ExecuteAsync("INFO", "holds"))!;
        string[] lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(8, lines.Count(static line => line.StartsWith("value", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.StartsWith(@"value0:key=a\x2cb\x3dc\x0d\x0a\x5c19xxxxxxxxxxxxxxxxxxxxxx...,length=5019,", StringComparison.Ordinal));
        Assert.All(lines[1..], static line => Assert.Matches("^[a-z0-9_]+:", line));
        Assert.DoesNotContain("# Holds", (string)(await db.ExecuteAsync("INFO", "memory"))!, StringComparison.Ordinal);
        Assert.Contains("# Holds", (string)(await db.ExecuteAsync("INFO"))!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_many_send_in_parts_takes_one_line_too()
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        await db.StringSetAsync("k", Pattern.Create(MiB, 2));
        RunningEdit[] edits = [.. Enumerable.Range(0, 50).Select(i => RunningEdit.Begin(server, "k", i * 5000, 5000))];
        string text = (string)(await db.ExecuteAsync("INFO", "holds"))!;
        Assert.Contains("ranged_now:50\r\n", text, StringComparison.Ordinal);
        Assert.Contains("holds=50,ranged=50,ranges=Exclusive[", text, StringComparison.Ordinal);
        Assert.EndsWith(")|...\r\n", text, StringComparison.Ordinal);
        foreach (RunningEdit edit in edits)
        {
            edit.End(new byte[5000]);
        }
    }
}
