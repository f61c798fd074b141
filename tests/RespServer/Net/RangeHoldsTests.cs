using System.Globalization;
using FastBuffers.Locking;
using FastBuffers.Samples.Resp.Demo;
using FastBuffers.Samples.Resp.Storage;
using FastBuffers.Samples.Resp.Tests.Infrastructure;
using StackExchange.Redis;

namespace FastBuffers.Samples.Resp.Tests.Net;

/// <summary>Holds on ranges: who edits or sends one part of a value does not meet who edits another.</summary>
public sealed class RangeHoldsTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public async Task Two_clients_edit_disjoint_parts_of_one_64_MiB_value_in_place()
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        byte[] expected = Pattern.Create(64 * MiB, 1);
        await db.StringSetAsync("k", expected);
        Region region = RunningEdit.ValueOf(server, "k").Region;

        await Task.WhenAll(Task.Run(() => EditHalf(0)), Task.Run(() => EditHalf(1)));

        // Before anybody reads: nothing but the one region there was, and no write in any other way than in place.
        Assert.Same(region, RunningEdit.ValueOf(server, "k").Region);
        Assert.Equal(1, server.Server.Memory.Regions);
        Assert.InRange(server.NativeBytes, 64 * MiB + WireFrame.Overhead, 64 * MiB + Slab.Bytes);
        StorageCounters counters = server.Server.StorageCounters;
        Assert.Equal(2 * 48, counters.WritesInPlace);
        Assert.Equal((0, 0, 0), (counters.ConflictsCopied, counters.CommandsWaited, counters.VersionsOutlived));
        AssertBytes(expected, await db.StringGetAsync("k"));

        void EditHalf(int half)
        {
            using RawClient client = server.ConnectRaw();
            var random = new Random(half);
            for (int i = 0; i < 48; i++)
            {
                // Odd places and lengths, up to the very border between the halves, which lies inside a word.
                int border = (32 * MiB) + 3;
                int length = random.Next(StoredValue.LargeLength, 2 * MiB);
                int start = half == 0 ? border - length : border;
                start += i % 4 == 0 ? 0 : (half == 0 ? -1 : 1) * random.Next(29 * MiB);
                byte[] edit = Pattern.Create(length, (ulong)((half * 1000) + i + 2));
                edit.CopyTo(expected, start);
                client.SendSetRange("k", start, edit);
                client.Expect($":{64 * MiB}\r\n");
            }
        }
    }

    [Fact]
    public async Task A_large_SETRANGE_copies_while_the_keyspace_is_free()
    {
        const int EditLength = 16 * MiB;
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        await db.StringSetAsync("k", new byte[EditLength + 1]);
        LargeValue value = RunningEdit.ValueOf(server, "k");
        byte[] edit = Pattern.Create(EditLength, 1);
        bool wasSeen = false;
        using RawClient client = server.ConnectRaw();

        // An edit takes milliseconds, and whoever has the lock meanwhile may see it; not each time, on a busy machine.
        for (int i = 0; i < 200 && !wasSeen; i++)
        {
            long before = server.Server.StorageCounters.WritesInPlace;
            var sending = Task.Run(() => client.SendSetRange("k", 1, edit));
            while (server.Server.StorageCounters.WritesInPlace == before || !sending.IsCompleted)
            {
                Look();
            }

            Look();
            client.Expect($":{EditLength + 1}\r\n");
        }

        Assert.True(wasSeen, "No edit was ever running while the lock was free.");

        void Look()
        {
            lock (server.Server.Keyspace.Lock)
            {
                wasSeen |= value.Edits.IsBusy && value.Region.GetHolds().Any(static hold => hold is { Kind: HoldKind.Exclusive, Length: EditLength });
            }
        }
    }

    [Fact]
    public async Task Edits_that_run_hold_up_nobody_who_wants_other_bytes()
    {
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        byte[] expected = Pattern.Create(4 * MiB, 1);
        await db.StringSetAsync("k", expected);
        using var first = RunningEdit.Begin(server, "k", 0, MiB);
        using var last = RunningEdit.Begin(server, "k", 3 * MiB, MiB);
        Assert.Null(RunningEdit.TryBegin(server, "k", MiB - 1, 10_000));

        // The keyspace is free, and so is every byte between the two; to the byte, small and large, read and write.
        using RawClient client = server.ConnectRaw();
        client.Call("+PONG\r\n", "PING");
        foreach ((int start, int length) in new[] { (MiB, 1), ((3 * MiB) - 1, 1), (MiB + 7, 2 * MiB - 8) })
        {
            byte[] edit = Pattern.Create(length, (ulong)start);
            edit.CopyTo(expected, start);
            client.SendSetRange("k", start, edit);
            client.Expect($":{4 * MiB}\r\n");
        }

        foreach ((int start, int length) in new[] { (MiB, 100), ((3 * MiB) - 100, 100), (MiB, 2 * MiB) })
        {
            client.Send(RawClient.Encode("GETRANGE", "k", Text(start), Text(start + length - 1)));
            client.ExpectBulk(expected.AsSpan(start, length));
        }

        await TestServer.UntilAsync(() => server.Server.StorageCounters.LivePins == 0, "the part to be sent");
        byte[] one = Pattern.Create(MiB, 8);
        byte[] two = Pattern.Create(MiB, 9);
        one.CopyTo(expected, 0);
        two.CopyTo(expected, 3 * MiB);
        last.End(two);
        first.End(one);
        AssertBytes(expected, await db.StringGetAsync("k"));
        Assert.Equal(0, server.Server.StorageCounters.ConflictsCopied);
        Assert.Equal(0, server.Server.StorageCounters.CommandsWaited);
    }

    [Fact]
    public async Task A_part_being_sent_is_copied_for_an_edit_that_overlaps_it_and_for_no_other()
    {
        const int Sent = 24 * MiB;
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        byte[] old = Pattern.Create(32 * MiB, 1);
        byte[] expected = (byte[])old.Clone();
        await db.StringSetAsync("k", old);
        using RawClient reader = server.ConnectRaw(receiveBuffer: 4096);
        reader.Send(RawClient.Encode("GETRANGE", "k", "1000", Text(1000 + Sent - 1)));
        StorageCounters counters = server.Server.StorageCounters;
        await TestServer.UntilAsync(() => counters.LivePins == 1, "the part to be pinned");
        LargeValue version = RunningEdit.ValueOf(server, "k");

        // Up to the first byte that is being sent and from behind the last; small under the keyspace's lock, large outside it.
        await EditAsync(0, 1000);
        await EditAsync(1000 + Sent, 10);
        await EditAsync(1000 + Sent, (8 * MiB) - 1000);
        Assert.Equal(3, counters.WritesInPlace);
        Assert.Equal(0, counters.ConflictsCopied);
        Assert.Same(version, RunningEdit.ValueOf(server, "k"));

        await EditAsync(1000 + Sent - 1, 5000);
        Assert.Equal(1, counters.LivePins);
        Assert.Equal(1, counters.ConflictsCopied);
        Assert.Equal(1, counters.VersionsOutlived);
        Assert.NotSame(version, RunningEdit.ValueOf(server, "k"));
        Assert.Equal(2, server.Server.Memory.Regions);
        reader.ExpectBulk(old.AsSpan(1000, Sent));
        AssertBytes(expected, await db.StringGetAsync("k"));
        await TestServer.UntilAsync(() => server.Server.Memory.Regions == 1, "the old version to go");

        async Task EditAsync(int start, int length)
        {
            byte[] edit = Pattern.Create(length, (ulong)(start + length));
            edit.CopyTo(expected, start);
            Assert.Equal(expected.Length, (long)await db.StringSetRangeAsync("k", start, edit));
        }
    }

    [Fact]
    public async Task Appending_in_spare_room_leaves_parts_alone_that_are_being_sent_and_edited()
    {
        const int Sent = 24 * MiB;
        await using var server = new TestServer();
        IDatabase db = await server.ConnectDatabaseAsync();
        byte[] expected = Pattern.Create(Sent + MiB, 1);
        await db.StringSetAsync("k", expected);
        expected = [.. expected, 1];
        await db.StringAppendAsync("k", new byte[] { 1 });
        using RawClient reader = server.ConnectRaw(receiveBuffer: 4096);
        reader.Send(RawClient.Encode("GETRANGE", "k", "0", Text(Sent - 1)));
        await TestServer.UntilAsync(() => server.Server.StorageCounters.LivePins == 1, "the part to be pinned");
        using var edit = RunningEdit.Begin(server, "k", Sent, MiB);

        byte[] more = Pattern.Create(100_000, 2);
        Assert.Equal(expected.Length + more.Length, await db.StringAppendAsync("k", more));
        Assert.Equal(0, server.Server.StorageCounters.ConflictsCopied);
        Assert.Equal(0, server.Server.StorageCounters.CommandsWaited);
        reader.ExpectBulk(expected.AsSpan(0, Sent));
        byte[] edited = Pattern.Create(MiB, 3);
        edited.CopyTo(expected, Sent);
        edit.End(edited);
        AssertBytes([.. expected, .. more], await db.StringGetAsync("k"));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // Assert.Equal goes through arrays one boxed byte at a time.
    private static void AssertBytes(byte[] expected, RedisValue actual)
    {
        ReadOnlyMemory<byte> bytes = actual;
        Assert.True(bytes.Span.SequenceEqual(expected), "The value's bytes differ.");
    }
}
