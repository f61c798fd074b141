using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Leases;

[Collection(ProcessWide.Name)]
public sealed class LeaseCellRaceTests
{
    private const int Length = 256;
    private const int Publications = 20_000;

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(3, 1, false)]
    [InlineData(3, 2, false)]
    [InlineData(2, 2, true)]
    public void Readers_always_get_a_live_version_with_its_own_bytes(int readers, int writers, bool frozen)
    {
        using var watch = new DiagnosticsWatch();
        Region[] pool = [.. Enumerable.Range(0, 8).Select(static _ => Region.Allocate(Length))];
        using var cell = new LeaseCell(Next(frozen, pool, 0));
        int writing = writers;
        long shared = 0;

        Race.Run(
        [
            .. Enumerable.Range(0, writers).Select(writer => (Action)(() =>
            {
                for (int i = 0; i < Publications / writers; i++)
                {
                    cell.Publish(Next(frozen, pool, (i * writers) + writer));
                }

                Interlocked.Decrement(ref writing);
            })),
            .. Enumerable.Range(0, readers).Select(_ => (Action)(() =>
            {
                do
                {
                    Assert.True(cell.TryShare(out Lease share));
                    ReadOnlySpan<byte> bytes = share.ReadOnlySpan;
                    byte mark = bytes[0];
                    Assert.Equal(-1, bytes.IndexOfAnyExcept(mark));
                    Assert.Equal(mark, bytes[^1]);
                    share.Dispose();
                    Interlocked.Increment(ref shared);
                }
                while (Volatile.Read(ref writing) > 0);
            })),
        ]);

        cell.Dispose();
        Assert.True(shared >= readers);
        Assert.All(pool, static region => Assert.True(region.TryFree(), region.ToString()));
        Assert.Equal(0, watch.DoubleReleases);
        Assert.Empty(watch.DisposedWhileHeld);
    }

    [Fact]
    public void Share_against_Dispose_gives_a_live_share_or_throws()
    {
        using var watch = new DiagnosticsWatch();
        using Region region = Region.Allocate(8);
        LeaseCell? cell = null;
        Lease share = default;
        Race.Rounds(
            20_000,
            _ => cell = new LeaseCell(region.Take(HoldKind.Read)),
            _ =>
            {
                try
                {
                    share = cell!.Share();
                }
                catch (ObjectDisposedException)
                {
                    share = default;
                }
            },
            _ => cell!.Dispose(),
            round =>
            {
                Assert.True(share == default || share.ReadOnlySpan.Length == 8, $"Round {round}");
                share.Dispose();
                Assert.Equal(default, region.Snapshot());
            });

        Assert.Equal(0, watch.DoubleReleases);
    }

    [Fact]
    public void Publish_against_Dispose_and_against_Publish_releases_all_but_the_current_one()
    {
        using Region region = Region.Allocate(8);
        LeaseCell? cell = null;
        Race.Rounds(
            20_000,
            _ => cell = new LeaseCell(region.Take(HoldKind.Read)),
            _ =>
            {
                try
                {
                    cell!.Publish(region.Take(HoldKind.Immutable));
                }
                catch (ObjectDisposedException)
                {
                }
            },
            round =>
            {
                if (round % 2 == 0)
                {
                    cell!.Dispose();
                }
                else
                {
                    cell!.Publish(region.Take(HoldKind.Read));
                }
            },
            round =>
            {
                Assert.Equal(round % 2 == 0 ? 0 : 1, region.Snapshot().Total);
                cell!.Dispose();
                Assert.Equal(default, region.Snapshot());
            });
    }

    [Fact]
    public void What_is_removed_is_removed_once()
    {
        using Region region = Region.Allocate(8);
        using var cell = new LeaseCell();
        Lease first = default;
        Lease second = default;
        Race.Rounds(
            20_000,
            _ => cell.Publish(region.Take(HoldKind.Read)),
            _ => cell.TryRemove(out first),
            _ => cell.TryRemove(out second),
            round =>
            {
                Assert.True((first == default) != (second == default), $"Round {round}");
                first.Dispose();
                second.Dispose();
                Assert.Equal(default, region.Snapshot());
            });
    }

    // A version of its own memory, or of one of a few regions that are written again as soon as nobody reads them.
    private static Lease Next(bool frozen, Region[] pool, int number)
    {
        byte mark = (byte)(number % 251);
        if (frozen)
        {
            byte[] bytes = new byte[Length];
            bytes.AsSpan().Fill(mark);
            return BufferConsumer.ImmutableOrCopy(Region.Wrap(bytes), out _);
        }

        for (int i = number; ; i++)
        {
            if (pool[i % pool.Length].TryTake(HoldKind.Exclusive, out Lease lease))
            {
                lease.Span.Fill(mark);
                lease = lease.Downgrade(HoldKind.Immutable);
                if (number % 2 == 0)
                {
                    return lease;
                }

                // One whose identity is in the word, not in a ticket.
                using (lease)
                {
                    return pool[i % pool.Length].Take(HoldKind.Immutable);
                }
            }
        }
    }
}
