namespace FastBuffers.Locking.Tests.Ranges;

public sealed class RangeLimitTests
{
    [Fact]
    public void At_the_limit_of_ranges_taking_sharing_and_splitting_throw_and_nothing_changes()
    {
        var tracker = new HoldTracker(1_000);
        Assert.True(tracker.TryTake(HoldKind.Exclusive, 990, 10, out HoldToken exclusive));
        HoldToken[] holds = [.. Enumerable.Range(1, HoldWord.MaxHolds - 1).Select(i => Take(tracker, i % 900, 1 + (i % 7)))];
        var before = new HoldSnapshot { RangedHolds = HoldWord.MaxHolds };
        Assert.Equal(before, tracker.Snapshot());

        AssertFull(() => tracker.TryTake(HoldKind.Read, 0, 10, out _));
        AssertFull(() => tracker.TryTake(HoldKind.Read, 950, 10, out _));
        AssertFull(() => tracker.TryTake(HoldKind.Read, 5, 0, out _));
        AssertFull(() => holds[0].Share());
        AssertFull(() => holds[0].Share(0, 1));
        AssertFull(() => holds[0].Share(0, 0));
        AssertFull(() => exclusive.Split(5));
        AssertFull(() => exclusive.Split(0));
        Assert.False(tracker.TryTake(HoldKind.Read, 989, 2, out _));

        Assert.Equal(before, tracker.Snapshot());
        Assert.All(holds, static hold => Assert.False(hold.IsReleased));
        Assert.True(holds[5].TryRelease());
        holds[5] = holds[6].Downgrade(HoldKind.Read);
        Assert.True(tracker.TryTake(HoldKind.Immutable, 0, 3, out holds[6]));
        Assert.Equal(before, tracker.Snapshot());
        Assert.All(holds, static hold => Assert.True(hold.TryRelease()));
        (HoldToken left, HoldToken right) = exclusive.Split(5);
        Assert.True(left.TryRelease() && right.TryRelease());
        Assert.Equal(default, tracker.Snapshot());
    }

    [Fact]
    public void The_limit_is_on_holds_of_all_forms_together()
    {
        const int Each = HoldWord.MaxHolds / 3;
        var tracker = new HoldTracker(1_000);
        List<HoldToken> holds = [];
        for (int i = 0; i < Each; i++)
        {
            holds.Add(Take(tracker, i % 500, 100));
            holds.Add(Take(tracker, i % 500, 0));
            Assert.True(tracker.TryTake(HoldKind.Immutable, out HoldToken whole));
            holds.Add(whole);
        }

        Assert.Equal(HoldWord.MaxHolds, holds.Count);
        AssertFull(() => tracker.TryTake(HoldKind.Read, out _));
        AssertFull(() => tracker.TryTake(HoldKind.Read, 0, 0, out _));
        AssertFull(() => tracker.TryTake(HoldKind.Read, 0, 10, out _));
        Assert.Equal(new HoldSnapshot { Immutables = Each, RangedHolds = 2 * Each }, tracker.Snapshot());
        Assert.All(holds, static hold => Assert.True(hold.TryRelease()));
        Assert.Equal(default, tracker.Snapshot());
    }

    [Fact]
    public void The_limit_counts_an_exclusive_hold_and_an_appender()
    {
        var tracker = new HoldTracker(1_000);
        Assert.True(tracker.TryTake(HoldKind.Exclusive, out HoldToken exclusive));
        List<HoldToken> holds = [.. Enumerable.Range(1, HoldWord.MaxHolds - 1).Select(_ => Take(tracker, 0, 0))];
        AssertFull(() => tracker.TryTake(HoldKind.Read, 0, 0, out _));
        AssertFull(() => exclusive.Split(500));
        AssertFull(() => exclusive.Split(0));
        Assert.Equal(HoldWord.MaxHolds, tracker.Snapshot().Total);
        Assert.True(exclusive.TryRelease());

        HoldToken appender = tracker.TakeAppender(out Frontier frontier);
        Assert.True(frontier.TryAdvance(0, 10));
        AssertFull(() => tracker.TryTake(HoldKind.Read, 0, 0, out _));
        AssertFull(() => tracker.TryTake(HoldKind.Read, 0, 10, out _));
        Assert.Equal(HoldWord.MaxHolds, tracker.Snapshot().Total);
        Assert.All(holds.Append(appender), static hold => Assert.True(hold.TryRelease()));
        Assert.Equal(default, tracker.Snapshot());
    }

    [Fact]
    public void Places_far_beyond_an_int_are_told_apart_to_the_byte()
    {
        var tracker = new HoldTracker(long.MaxValue);
        HoldToken low = Take(tracker, (1L << 40) - 1, 1);
        HoldToken high = Take(tracker, long.MaxValue - 1, 1);

        Assert.True(tracker.TryTake(HoldKind.Exclusive, 1L << 40, long.MaxValue - (1L << 40) - 1, out HoldToken between));
        Assert.False(tracker.TryTake(HoldKind.Exclusive, (1L << 40) - 1, 1, out _));
        Assert.False(tracker.TryTake(HoldKind.Exclusive, long.MaxValue - 1, 1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => tracker.TryTake(HoldKind.Read, long.MaxValue, 1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => tracker.TryTake(HoldKind.Read, 1, long.MaxValue, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => tracker.TryTake(HoldKind.Read, -1, 2, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => tracker.TryTake(HoldKind.Read, 1, -1, out _));
        Assert.All([low, high, between], static hold => Assert.True(hold.TryRelease()));
        Assert.Equal(default, tracker.Snapshot());
    }

    private static HoldToken Take(HoldTracker tracker, long start, long length)
    {
        Assert.True(tracker.TryTake(HoldKind.Immutable, start, length, out HoldToken token));
        return token;
    }

    private static void AssertFull(Action action) => Assert.Equal(
        "Too many holds on HoldTracker of 1000 bytes: the limit is 262,143.", Assert.Throws<BufferException>(action).Message);
}
