using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Pooling;

/// <summary>What is dropped is told apart by its length, which no other test uses.</summary>
[Collection(ProcessWide.Name)]
public sealed class LostRentalTests
{
    public enum Form
    {
        Exclusive,
        Downgraded,
        Shared,
        SharedInPart,
        SharedNothing,
        Split,
        SplitOff,
        Joined,
        Exposed,
        ResizedToNothing,
        Pinned,
    }

    public static TheoryData<Form, int> Forms
    {
        get
        {
            var data = new TheoryData<Form, int>();
            foreach (Form form in Enum.GetValues<Form>())
            {
                data.Add(form, 5_001);
                data.Add(form, 71_001);
                data.Add(form, 5_000_001);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_lost_rental_comes_back_and_is_reported_once_with_its_size_and_age(Form form, int length)
    {
        using var watch = new DiagnosticsWatch();
        var time = new ManualTime();
        using var pool = new RegionPool(new() { IdleTrim = Timeout.InfiniteTimeSpan, TimeProvider = time });
        Race.Run(() => Lose(pool, form, length));
        Assert.NotEqual(0, pool.Statistics.RentedBytes);
        time.Advance(TimeSpan.FromSeconds(7));

        Assert.True(DiagnosticsWatch.CollectUntil(() => pool.Statistics.RentedBytes == 0), pool.Statistics.ToString());
        DiagnosticsWatch.CollectUntil(static () => false);

        HoldEventArgs report = Assert.Single(watch.Leaked);
        Assert.Equal(form == Form.ResizedToNothing ? 0 : length, report.ByteLength);
        Assert.Equal(TimeSpan.FromSeconds(7), report.Age);
        Assert.Equal(1, pool.Statistics.Leaks);
        Assert.Equal(1, watch.Leaks);
        Assert.Equal(pool.Statistics.Rents, pool.Statistics.Returns);
        Assert.Equal(0, watch.DoubleReleases);
        pool.Trim();
        Assert.Equal(0, pool.Statistics.ReservedBytes);
    }

    [Fact]
    public void A_block_that_was_lost_is_found_again_when_it_is_lost_again()
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool(new() { IdleTrim = Timeout.InfiniteTimeSpan });
        for (int lost = 1; lost <= 3; lost++)
        {
            Race.Run(() => pool.Rent(71_002));
            Assert.True(DiagnosticsWatch.CollectUntil(() => pool.Statistics.RentedBytes == 0));
            Assert.Equal(lost, pool.Statistics.Leaks);
            Assert.Equal(lost, watch.Leaked.Count);
        }

        Assert.Equal(1, pool.Statistics.ReservedBytes / 71_002);
    }

    [Fact]
    public void The_memory_of_a_lost_rental_is_not_used_before_two_more_collections()
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool(new() { IdleTrim = Timeout.InfiniteTimeSpan });
        int reportedAt = 0;
        EventHandler<HoldEventArgs> note = (_, _) => reportedAt = GC.CollectionCount(GC.MaxGeneration);
        HoldDiagnostics.Leaked += note;
        Race.Run(() => pool.Rent(71_003));

        int backAt = 0;
        Assert.True(DiagnosticsWatch.CollectUntil(() =>
        {
            bool back = pool.Statistics.RentedBytes == 0;
            backAt = GC.CollectionCount(GC.MaxGeneration);
            return back;
        }));

        HoldDiagnostics.Leaked -= note;
        Assert.NotEqual(0, reportedAt);
        Assert.InRange(backAt - reportedAt, 2, int.MaxValue);
    }

    [Theory]
    [InlineData(LeakDetectionLevel.Off)]
    [InlineData(LeakDetectionLevel.Every)]
    [InlineData(LeakDetectionLevel.EveryWithTouches)]
    public void The_stack_that_rented_is_reported_if_it_is_recorded(LeakDetectionLevel level)
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool(new() { LeakDetection = level, IdleTrim = Timeout.InfiniteTimeSpan });
        Race.Run(() =>
        {
            RentFirst(pool).Dispose();
            RentSecond(pool);
        });

        Assert.True(DiagnosticsWatch.CollectUntil(() => watch.Leaked.Count == 1));

        string? stack = watch.Leaked.Single().BirthStack;
        Assert.Equal(level != LeakDetectionLevel.Off, stack?.Contains(nameof(RentSecond), StringComparison.Ordinal) ?? false);
        Assert.DoesNotContain(nameof(RentFirst), stack ?? string.Empty, StringComparison.Ordinal);
        Assert.True(DiagnosticsWatch.CollectUntil(() => pool.Statistics.RentedBytes == 0));
    }

    [Fact]
    public void One_rental_of_128_is_recorded_by_default()
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool(new() { IdleTrim = Timeout.InfiniteTimeSpan });
        Race.Run(() =>
        {
            for (int i = 0; i < 127; i++)
            {
                pool.Rent(71).Dispose();
            }

            RentFirst(pool);
            RentSecond(pool);
        });

        Assert.True(DiagnosticsWatch.CollectUntil(() => watch.Leaked.Count == 2));

        HoldEventArgs recorded = Assert.Single(watch.Leaked, static report => report.BirthStack is not null);
        Assert.Contains(nameof(RentFirst), recorded.BirthStack, StringComparison.Ordinal);
        Assert.True(DiagnosticsWatch.CollectUntil(() => pool.Statistics.RentedBytes == 0));
    }

    [Fact]
    public void A_rental_whose_Memory_somebody_keeps_is_not_lost()
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool(new() { IdleTrim = Timeout.InfiniteTimeSpan });
        var kept = new Memory<byte>[1];
        Race.Run(() => kept[0] = pool.Rent(71_004).Memory);

        DiagnosticsWatch.CollectUntil(static () => false);

        Assert.Equal(0, pool.Statistics.Leaks);
        Assert.Empty(watch.Leaked);
        Race.Run(() => Assert.Equal(71_004, kept[0].Span.Length));
        kept[0] = default;
        Assert.True(DiagnosticsWatch.CollectUntil(() => pool.Statistics.RentedBytes == 0));
        Assert.Equal(1, pool.Statistics.Leaks);
    }

    [Fact]
    public void What_is_returned_is_not_lost()
    {
        using var watch = new DiagnosticsWatch();
        Race.Run(static () =>
        {
            using var pool = new RegionPool();
            for (int i = 0; i < 100; i++)
            {
                Lease lease = pool.Rent(71_005);
                _ = lease.Region;
                (Lease left, Lease right) = lease.Split(5);
                left.Dispose();
                right.Downgrade(HoldKind.Read).Dispose();
                pool.Rent(705).Dispose();
            }
        });

        DiagnosticsWatch.CollectUntil(static () => false);

        Assert.Empty(watch.Leaked);
        Assert.Equal(0, watch.Leaks);
    }

    [Fact]
    public void A_pool_that_is_dropped_with_rentals_out_gives_all_its_memory_back()
    {
        using var watch = new DiagnosticsWatch();
        BlockMemory memory = Rentals.Elsewhere(static () =>
        {
            var pool = new RegionPool();
            pool.Rent(71_006);
            pool.Rent(706);
            pool.Rent(707).Dispose();
            pool.Rent(5_000_007);
            return pool.Memory;
        });

        Assert.True(DiagnosticsWatch.CollectUntil(() => memory.MappedBytes == 0));
        Assert.Equal(3, watch.Leaked.Count);
    }

    [Fact]
    public void With_touches_the_rental_is_in_the_list_of_holds_with_its_stack()
    {
        using var pool = new RegionPool(new() { LeakDetection = LeakDetectionLevel.EveryWithTouches });
        for (int i = 0; i < 3; i++)
        {
            using Lease lease = RentFirst(pool);
            HoldInfo hold = Assert.Single(lease.Region.GetHolds());
            Assert.Equal((HoldKind.Exclusive, 0L, 71L), (hold.Kind, hold.Start, hold.Length));
            Assert.Contains(nameof(RentFirst), hold.Stack, StringComparison.Ordinal);
        }
    }

    private static Lease RentFirst(RegionPool pool) => pool.Rent(71);

    private static Lease RentSecond(RegionPool pool) => pool.Rent(71);

    private static void Lose(RegionPool pool, Form form, int length)
    {
        Lease lease = pool.Rent(length);
        switch (form)
        {
            case Form.Downgraded:
                lease.Downgrade(HoldKind.Read);
                break;
            case Form.Shared:
                lease = lease.Downgrade(HoldKind.Immutable);
                lease.Share();
                lease.Dispose();
                break;
            case Form.SharedInPart:
                lease = lease.Downgrade(HoldKind.Write);
                lease.Share(5, 50);
                lease.Dispose();
                break;
            case Form.SharedNothing:
                lease = lease.Downgrade(HoldKind.Write);
                lease.Share(5, 0);
                lease.Dispose();
                break;
            case Form.Split:
                lease.Split(100).Left.Split(50);
                break;
            case Form.SplitOff:
                lease.Split(0).Right.Dispose();
                break;
            case Form.Joined:
                (Lease left, Lease right) = lease.Split(100);
                Assert.True(Lease.TryJoin(left, right, out _));
                break;
            case Form.Exposed:
                lease.Region.Dispose();
                break;
            case Form.ResizedToNothing:
                lease.Resize(0);
                break;
            case Form.Pinned:
                lease.Pin();
                lease.Dispose();
                break;
        }
    }
}
