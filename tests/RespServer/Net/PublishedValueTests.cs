using FastBuffers.Locking;
using FastBuffers.Samples.Resp.Demo;
using FastBuffers.Samples.Resp.Tests.Infrastructure;
using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Tests.Net;

/// <summary>A large value that was set is published in a cell: readers share it, SET publishes the next, a write takes it out.</summary>
public sealed class PublishedValueTests
{
    // More than the kernel buffers on loopback.
    private const int Length = 24 * 1024 * 1024;

    [Fact]
    public async Task Readers_share_the_version_that_they_asked_for_while_SET_publishes_the_next()
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        var readers = new List<RawClient>();
        byte[][] versions = [Pattern.Create(Length, 1), Pattern.Create(Length + 10_000, 2), Pattern.Create(Length - 10_000, 3)];
        foreach (byte[] version in versions)
        {
            await db.StringSetAsync("k", version);
            for (int i = 0; i < 2; i++)
            {
                RawClient reader = server.ConnectRaw(receiveBuffer: 4096);
                readers.Add(reader);
                reader.Send("GET k\r\n");
                await TestServer.UntilAsync(() => server.Server.StorageCounters.LivePins == readers.Count, "the value to be pinned");
            }

            // The one in the cell, and a share of it for each that is being sent.
            HoldSnapshot holds = RunningEdit.ValueOf(server, "k").Region.Snapshot();
            Assert.Equal((3, 3), (holds.Immutables, holds.Total));
        }

        Assert.Equal(3, server.Server.Memory.Regions);
        Assert.Equal(2, server.Server.StorageCounters.VersionsOutlived);
        for (int i = readers.Count - 1; i >= 0; i--)
        {
            readers[i].ExpectBulk(versions[i / 2]);
            readers[i].Dispose();
        }

        await TestServer.UntilAsync(() => server.Server.Memory.Regions == 1, "the old versions to go with their last readers");
        await TestServer.UntilAsync(
            () => RunningEdit.ValueOf(server, "k").Region.Snapshot() is { Immutables: 1, Total: 1 }, "the cell's lease to be the only one");
    }

    [Fact]
    public async Task A_write_takes_the_value_out_of_its_cell_and_the_next_reader_publishes_it_again()
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        byte[] expected = Pattern.Create(100_000, 1);
        await db.StringSetAsync("k", expected);
        Region region = RunningEdit.ValueOf(server, "k").Region;
        Assert.Equal(1, region.Snapshot().Immutables);

        foreach (int length in new[] { 10, 10_000 })
        {
            byte[] edit = Pattern.Create(length, 2);
            edit.CopyTo(expected, 50_000);
            await db.StringSetRangeAsync("k", 50_000, edit);
            Assert.Equal(0, CountHolds());
            byte[] part = (await db.StringGetRangeAsync("k", 1, 50_010))!;
            Assert.True(part.AsSpan().SequenceEqual(expected.AsSpan(1, 50_010)), "The part's bytes differ.");
            await TestServer.UntilAsync(() => CountHolds() == 0, "the part to be sent, which publishes nothing");
            byte[] whole = (await db.StringGetAsync("k"))!;
            Assert.True(whole.AsSpan().SequenceEqual(expected), "The value's bytes differ.");
            await TestServer.UntilAsync(() => region.Snapshot() is { Immutables: 1, Total: 1 }, "the value to be sent");
        }

        Assert.Same(region, RunningEdit.ValueOf(server, "k").Region);
        Assert.Equal(0, server.Server.StorageCounters.ConflictsCopied);

        // All but the one of no bytes that keeps the rental.
        int CountHolds() => region.GetHolds().Count(static hold => hold.Length > 0);
    }
}
