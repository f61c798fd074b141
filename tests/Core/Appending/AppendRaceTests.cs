namespace FastBuffers.Tests.Appending;

[Collection(ProcessWide.Name)]
public sealed class AppendRaceTests
{
    /// <summary>Each byte is written once, before it is published; whoever is let in below the frontier finds it.</summary>
    [Theory]
    [InlineData(HoldKind.Read)]
    [InlineData(HoldKind.Immutable)]
    public void Whoever_holds_what_was_published_sees_what_was_written(HoldKind kind)
    {
        const int Length = 20_000;
        using Region region = Region.Allocate(Length);
        for (int round = 1; round < 6; round++)
        {
            Assert.True(region.TryAppend(out AppendLease appender));
            Race.Run(() => Fill(appender, round), () => Read(appender, round), () => Read(appender, round));
            Assert.True(region.TryTake(HoldKind.Read, out Lease all));
            Assert.True(IsRight(all.ReadOnlySpan, 0, round));
            all.Dispose();
            Assert.Equal(default, region.Snapshot());

            void Read(AppendLease from, int turn)
            {
                var random = new Random(turn);
                int written;
                do
                {
                    written = from.Written;
                    if (written > 0)
                    {
                        int start = random.Next(Math.Max(0, written - 50), written);
                        Assert.True(region.Slice(start, written - start).TryTake(kind, out Lease lease));
                        Assert.True(IsRight(lease.ReadOnlySpan, start, turn), $"Not what was published at {start}.");
                        lease.Dispose();
                    }

                    // Across the frontier, or below it if that has moved meanwhile.
                    if (written < Length - 1 && region.Slice(written, 1).TryTake(kind, out Lease next))
                    {
                        Assert.True(IsRight(next.ReadOnlySpan, written, turn), $"Not published yet at {written}.");
                        next.Dispose();
                    }
                }
                while (written < Length);
            }
        }

        static void Fill(AppendLease appender, int round)
        {
            var random = new Random(round);
            while (appender.Written < Length)
            {
                int start = appender.Written;
                AppendWindow window = appender.Window;
                int count = Math.Min(random.Next(1, 20), window.Length);
                for (int i = 0; i < count; i++)
                {
                    window[i] = ByteAt(start + i, round);
                }

                appender.Publish(count);
            }

            appender.Seal();
        }
    }

    [Fact]
    public void Two_that_publish_through_copies_publish_each_count_once_or_hear_of_each_other()
    {
        using Region region = Region.Allocate(64);
        AppendLease appender = default;
        int published = 0;
        Race.Rounds(
            20_000,
            _ =>
            {
                published = 0;
                Assert.True(region.TryAppend(out appender));
            },
            _ => Publish(3),
            _ => Publish(5),
            _ =>
            {
                Assert.Equal(published, appender.Written);
                appender.Seal();
            });

        void Publish(int count)
        {
            try
            {
                appender.Publish(count);
                Interlocked.Add(ref published, count);
            }
            catch (BufferException)
            {
            }
        }
    }

    [Fact]
    public void A_lease_whose_Memory_is_asked_for_as_it_ends_takes_nothing_from_the_next_appender()
    {
        using Region region = Region.Allocate(64);
        Lease lease = default;
        AppendLease appender = default;
        Race.Rounds(
            20_000,
            _ => lease = region.Take(HoldKind.Exclusive),
            _ => Record.Exception(() => lease.Memory.Span.Length),
            _ =>
            {
                lease.Dispose();
                Assert.True(region.TryAppend(out appender));
            },
            _ =>
            {
                appender.Publish(appender.Window.Length);
                appender.Seal();
            });
    }

    [Fact]
    public void Of_two_that_want_to_append_one_does()
    {
        using Region region = Region.Allocate(64);
        AppendLease[] appenders = new AppendLease[2];
        Race.Rounds(
            20_000,
            _ => { },
            _ => region.TryAppend(out appenders[0]),
            _ => region.TryAppend(out appenders[1]),
            _ =>
            {
                Assert.True(appenders[0] == default ^ appenders[1] == default);
                appenders[0].Seal();
                appenders[1].Seal();
                Assert.Equal(default, region.Snapshot());
            });
    }

    private static byte ByteAt(int place, int round) => (byte)((place * 7) + round);

    private static bool IsRight(ReadOnlySpan<byte> bytes, int start, int round)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != ByteAt(start + i, round))
            {
                return false;
            }
        }

        return true;
    }
}
