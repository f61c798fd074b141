namespace FastBuffers.Tests.Leases;

[Collection(ProcessWide.Name)]
public sealed class LeaseRaceTests
{
    private const int Rounds = 1_000;
    private const int Batch = 256;

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void Two_threads_that_dispose_one_lease_end_one_hold_between_them(HoldKind kind)
    {
        using var watch = new DiagnosticsWatch();
        Region[] regions = [.. Enumerable.Range(0, Batch).Select(static _ => Region.Allocate(8))];
        Lease[] others = [.. regions.SelectMany((region, i) =>
            Enumerable.Range(0, kind == HoldKind.Exclusive ? 0 : i % 5).Select(_ => region.Take(kind)))];
        HoldSnapshot[] rest = [.. regions.Select(static region => region.Snapshot())];
        var leases = new Lease[Batch];
        Race.Rounds(
            Rounds,
            _ => Each(i => leases[i] = regions[i].Take(kind)),
            _ => Each(i => leases[i].Dispose()),
            _ => Each(i => leases[i].Dispose()),
            round => Each(i =>
            {
                if (regions[i].Snapshot() != rest[i])
                {
                    Assert.Fail($"{kind}, round {round}, region {i}: {regions[i]}");
                }
            }));

        Assert.Equal(Rounds * Batch, watch.DoubleReleases);
        Assert.All(others, static other => Assert.False(other.IsReleased));
        Assert.All(others, static other => other.Dispose());
        Assert.All(regions, static region => Assert.True(region.TryFree()));
    }

    [Fact]
    public void A_torn_copy_of_a_lease_reaches_the_bytes_of_its_own_region_only()
    {
        const int Regions = 8;
        Region[] regions = [.. Enumerable.Range(0, Regions).Select(static _ => Region.Allocate(64))];
        for (byte i = 0; i < Regions; i++)
        {
            using WriteHold hold = regions[i].HoldWrite();
            hold.Span.Fill(i);
        }

        // Some with their identity in the word, some with tickets; all alive for as long as the race lasts.
        Lease[] leases = [.. Enumerable.Range(0, 3 * Regions).Select(i => regions[i % Regions].Take(HoldKind.Read))];
        Lease field = default;
        bool done = false;
        long valid = 0;
        Race.Run(
            () =>
            {
                // Longer when the reader is starved, so that it has read something.
                for (int i = 0; i < 4_000_000 || (Volatile.Read(ref valid) == 0 && i < 1_000_000_000); i++)
                {
                    field = leases[i % leases.Length];
                }

                Volatile.Write(ref done, true);
            },
            () =>
            {
                while (!Volatile.Read(ref done))
                {
                    Lease copy = field;
                    try
                    {
                        byte expected = (byte)Array.IndexOf(regions, copy.Region);
                        Assert.Equal(-1, copy.ReadOnlySpan.IndexOfAnyExcept(expected));
                        valid++;
                    }
                    catch (ObjectDisposedException)
                    {
                    }
                }
            });

        Assert.True(valid > 0);
        Assert.All(leases, static lease => lease.Dispose());
        Assert.All(regions, static region => Assert.True(region.TryFree()));
    }

    [Fact]
    public void A_torn_copy_of_a_lease_never_is_a_lease_that_was_never_in_the_field()
    {
        // Every second lease in the field has ended, and somebody else holds its region by now; the others are as many holds old.
        Region[] regions = [.. Enumerable.Range(0, 64).Select(static _ => Region.Allocate(64))];
        Lease[] ended = [.. regions.Select(static region => region.Take(HoldKind.Read))];
        Array.ForEach(ended, static lease => lease.Dispose());
        Lease[] live = [.. regions.Select(static region => region.Take(HoldKind.Read))];
        Lease[] written = [.. ended.Zip(live, static (old, now) => (old, now)).Select(static (pair, i) => i % 2 == 0 ? pair.old : pair.now)];
        Lease[] hidden = [.. live.Where(static (_, i) => i % 2 == 0)];

        Lease field = default;
        bool done = false;
        int foreign = 0;
        Race.Run(
            () =>
            {
                for (int i = 0; i < 4_000_000; i++)
                {
                    field = written[i % written.Length];
                }

                Volatile.Write(ref done, true);
            },
            () =>
            {
                while (!Volatile.Read(ref done))
                {
                    Lease copy = field;
                    if (!copy.IsReleased && Array.IndexOf(hidden, copy) >= 0)
                    {
                        foreign++;
                    }
                }
            });

        Assert.Equal(0, foreign);
        Assert.All(live, static lease => lease.Dispose());
        Assert.All(regions, static region => region.Dispose());
    }

    [Fact]
    public void An_asked_Memory_is_one_object_for_racing_askers()
    {
        using Region region = Region.Allocate(8);
        Lease lease = default;
        ReadOnlyMemory<byte> first = default;
        ReadOnlyMemory<byte> second = default;
        Lease[] company = [];
        Race.Rounds(
            20_000,
            round =>
            {
                company = [.. Enumerable.Range(0, round % 4).Select(_ => region.Take(HoldKind.Read))];
                lease = region.Take(HoldKind.Read);
            },
            _ => first = lease.ReadOnlyMemory,
            _ => second = lease.ReadOnlyMemory,
            round =>
            {
                // Equal memories have the same object behind them.
                Assert.True(first.Equals(second), $"Round {round}");
                lease.Dispose();
                Assert.All(company, static other => other.Dispose());
            });
    }

    [Fact]
    public void A_lease_that_goes_from_Exclusive_to_Immutable_and_back_never_lets_a_writer_in()
    {
        using Region region = Region.Allocate(64);
        Lease lease = region.Take(HoldKind.Exclusive);
        bool done = false;
        Race.Run(
            () =>
            {
                for (int i = 0; i < 50_000; i++)
                {
                    byte mark = (byte)(i % 100);
                    lease.Span.Fill(mark);
                    Lease published = lease.Downgrade(HoldKind.Immutable);
                    Assert.Equal(-1, published.ReadOnlySpan.IndexOfAnyExcept(mark));
                    Assert.True(published.TryUpgrade(HoldKind.Exclusive, out lease), $"Turn {i}: {region}");
                    Assert.Equal(-1, lease.Span.IndexOfAnyExcept(mark));
                }

                Volatile.Write(ref done, true);
            },
            () =>
            {
                while (!Volatile.Read(ref done))
                {
                    Scribble();
                }
            });
        lease.Dispose();

        // Not Read or Immutable, which may come in beside Immutable and would refuse the way back.
        void Scribble()
        {
            if (region.TryHoldWrite(out WriteHold write))
            {
                write.Span.Fill(0xFF);
                write.Dispose();
            }

            if (region.TryTake(HoldKind.Exclusive, out Lease exclusive))
            {
                exclusive.Span.Fill(0xFE);
                exclusive.Dispose();
            }
        }
    }

    private static void Each(Action<int> action)
    {
        for (int i = 0; i < Batch; i++)
        {
            action(i);
        }
    }
}
