namespace FastBuffers.Tests.Appending;

public sealed class FrontierTests
{
    private const int Length = 8;

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void Below_the_frontier_Read_and_Immutable_and_from_there_on_nothing_to_the_byte(HoldKind kind)
    {
        using Region region = Region.Allocate(Length);
        Assert.True(region.TryAppend(out AppendLease appender));
        for (int frontier = 0; frontier <= Length; frontier++)
        {
            for (int start = 0; start <= Length; start++)
            {
                for (int end = start; end <= Length; end++)
                {
                    bool expected = start == end || (end <= frontier && kind is HoldKind.Read or HoldKind.Immutable);
                    bool taken = region.Slice(start, end - start).TryTake(kind, out Lease lease);
                    Assert.True(expected == taken, $"{kind} of [{start}, {end}) with the frontier at {frontier}: {taken}");
                    lease.Dispose();
                }
            }

            if (frontier < Length)
            {
                appender.Publish(1);
            }
        }

        appender.Seal();
        Assert.True(region.TryTake(kind, out Lease whole));
        whole.Dispose();
    }

    [Theory]
    [InlineData(HoldKind.Read, HoldKind.Immutable, true)]
    [InlineData(HoldKind.Immutable, HoldKind.Write, false)]
    [InlineData(HoldKind.Read, HoldKind.Write, false)]
    [InlineData(HoldKind.Read, HoldKind.Exclusive, false)]
    public void An_upgrade_below_the_frontier_goes_no_further_than_Immutable(HoldKind from, HoldKind to, bool expected)
    {
        using Region region = Region.Allocate(Length);
        Assert.True(region.TryAppend(out AppendLease appender));
        appender.Publish(4);
        Lease lease = region.Slice(1, 3).Take(from);

        Assert.Equal(expected, lease.TryUpgrade(to, out Lease upgraded));

        appender.Seal();
        Assert.True(expected || lease.TryUpgrade(to, out upgraded));
        upgraded.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void Nobody_appends_while_a_byte_is_held(HoldKind kind)
    {
        using Region region = Region.Allocate(Length);
        foreach ((int start, int length) in new[] { (0, Length), (0, 1), (Length - 1, 1) })
        {
            using (region.Slice(start, length).Take(kind))
            {
                Assert.False(region.TryAppend(out AppendLease none));
                Assert.Equal((default, 1), (none, region.Snapshot().Total));
            }
        }

        using Lease nothing = region.Slice(3, 0).Take(kind);
        Assert.True(region.TryAppend(out AppendLease appender));
        Assert.False(region.TryAppend(out _));
        appender.Seal();
    }

    [Fact]
    public void Readers_of_what_was_published_stay_when_the_appender_goes()
    {
        using Region region = Region.Allocate(Length);
        Assert.True(region.TryAppend(out AppendLease appender));
        appender.Window[0] = 1;
        appender.Publish(1);
        Lease reader = region.Slice(0, 1).Take(HoldKind.Immutable);
        appender.Seal();

        Assert.False(region.TryAppend(out _));
        Assert.False(region.TryTake(HoldKind.Write, out _));
        Assert.Equal([1], reader.ToArray());
        using Lease rest = region.Slice(1, Length - 1).Take(HoldKind.Exclusive);
        reader.Dispose();
    }

    [Fact]
    public void Once_all_is_published_the_whole_region_can_be_read()
    {
        using Region region = Region.Allocate(Length);
        Assert.True(region.TryAppend(out AppendLease appender));
        appender.Publish(Length);

        using (region.Take(HoldKind.Immutable))
        {
            Assert.Equal(new HoldSnapshot { Immutables = 1, RangedHolds = 1 }, region.Snapshot());
            Assert.False(region.TryTake(HoldKind.Write, out _));
        }

        Assert.False(region.TryTake(HoldKind.Exclusive, out _));
        appender.Seal();
    }

    [Theory]
    [InlineData(HoldKind.Read, 2, 6, "Read of [2, 6) refused: Exclusive of [4, 8) is active.")]
    [InlineData(HoldKind.Immutable, 4, 5, "Immutable of [4, 5) refused: Exclusive of [4, 8) is active.")]
    [InlineData(HoldKind.Write, 0, 4, "Write of [0, 4) refused: Immutable of [0, 4) is active.")]
    [InlineData(HoldKind.Exclusive, 3, 4, "Exclusive of [3, 4) refused: Immutable of [0, 4) is active.")]
    [InlineData(HoldKind.Exclusive, 0, 8, "Exclusive refused: Exclusive of [4, 8) is active.")]
    public void A_conflict_with_the_appender_says_with_which_part_of_it(HoldKind kind, int start, int end, string message)
    {
        foreach (bool traced in new[] { false, true })
        {
            using Region region = Region.Allocate(Length, new RegionOptions { TraceHolds = traced });
            Assert.True(region.TryAppend(out AppendLease appender));
            appender.Publish(4);

            var conflict = Assert.Throws<BufferConflictException>(() => region.Slice(start, end - start).Take(kind));

            Assert.Equal(message, conflict.Message);
            Assert.Single(conflict.Blockers);
            appender.Seal();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_appender_is_one_hold_from_its_frontier_on(bool traced)
    {
        using Region region = Region.Allocate(Length, new RegionOptions { TraceHolds = traced });
        Assert.True(region.TryAppend(out AppendLease appender));
        appender.Publish(3);

        HoldInfo hold = Assert.Single(region.GetHolds());

        Assert.Equal((HoldKind.Exclusive, 3, 5), (hold.Kind, hold.Start, hold.Length));
        Assert.Equal(new HoldSnapshot { RangedHolds = 1 }, region.Snapshot());
        appender.Seal();
        Assert.Empty(region.GetHolds());
    }
}
