using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Tracking;

public sealed class LimitTests
{
    public static TheoryData<HoldKind, int> KindsAndCounts =>
        [.. Kinds.Shared.SelectMany(static kind => new[] { 15, 16, 17, 62, 63, 64, 65, 1_000 }.Select(count => (kind, count)))];

    [Theory]
    [MemberData(nameof(KindsAndCounts))]
    public void Any_number_of_holds_unwinds_to_none_each_exactly_once(HoldKind kind, int count)
    {
        foreach (bool newestFirst in new[] { false, true })
        {
            var domain = new TestDomain(1);
            HoldToken[] holds = Take(domain, kind, count);
            Assert.Equal(count, domain.Snapshot().Total);
            if (newestFirst)
            {
                Array.Reverse(holds);
            }

            foreach (HoldToken hold in holds)
            {
                Assert.False(domain.TryTake(HoldKind.Exclusive, out _));
                Assert.True(hold.TryRelease());
                Assert.False(hold.TryRelease());
            }

            Assert.Equal(default, domain.Snapshot());
            Assert.True(domain.TryTake(HoldKind.Exclusive, out HoldToken exclusive) && exclusive.TryRelease());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds.EachShared), MemberType = typeof(Kinds))]
    public void The_embedded_first_holder_survives_widening_and_ends_once(HoldKind kind)
    {
        var domain = new TestDomain(1);
        Words.SetVersion(domain, 12_345);
        HoldToken first = domain.Take(kind);
        Assert.Same(domain, first.Source);
        HoldToken copy = first;
        HoldToken[] more = Take(domain, kind, 63);
        Assert.True(HoldWord.IsWide(domain.Tracker.Word));

        Assert.False(first.IsReleased);
        HoldToken share = first.Share();
        Assert.True(first.TryRelease());
        Assert.False(copy.TryRelease());
        Assert.Throws<ObjectDisposedException>(() => copy.Share());
        Assert.Equal(64, domain.Snapshot().Total);

        Assert.True(share.TryRelease());
        Assert.All(more, static hold => Assert.True(hold.TryRelease()));
        Assert.Equal(default, domain.Snapshot());
    }

    [Fact]
    public void The_embedded_first_holder_can_be_converted_after_widening()
    {
        var domain = new TestDomain(1);
        HoldToken first = domain.Take(HoldKind.Write);
        HoldToken[] more = Take(domain, HoldKind.Write, 70);

        HoldToken read = first.Downgrade(HoldKind.Read);

        Assert.False(first.TryRelease());
        Assert.Equal((1, 70), (domain.Snapshot().Readers, domain.Snapshot().Writers));
        Assert.All(more, static hold => Assert.True(hold.TryRelease()));
        Assert.True(read.TryUpgrade(HoldKind.Exclusive, out HoldToken exclusive));
        Assert.True(exclusive.TryRelease());
        Assert.Equal(default, domain.Snapshot());
    }

    [Fact]
    public void Stale_embedded_copies_stay_dead_after_widening()
    {
        var domain = new TestDomain(1);
        List<HoldToken> stale = [];
        for (int i = 0; i < 10; i++)
        {
            HoldToken hold = domain.Take(HoldKind.Read);
            Assert.True(hold.TryRelease());
            stale.Add(hold);
        }

        HoldToken[] holds = Take(domain, HoldKind.Read, 64);

        Assert.All(stale, static copy => Assert.False(copy.TryRelease()));
        Assert.All(holds, static hold => Assert.True(hold.TryRelease()));
        Assert.All(stale.Concat(holds), static copy => Assert.False(copy.TryRelease()));
    }

    [Fact]
    public void At_the_limit_taking_and_sharing_throw_and_conversions_still_work()
    {
        var domain = new TestDomain(1);
        HoldToken[] holds = Take(domain, HoldKind.Write, HoldWord.MaxHolds);
        long word = domain.Tracker.Word;

        foreach (HoldKind kind in new[] { HoldKind.Read, HoldKind.Write })
        {
            var full = Assert.Throws<BufferException>(() => domain.TryTake(kind, out _));
            Assert.Equal("Too many holds on TestDomain of 1 bytes: the limit is 262,143.", full.Message);
        }

        Assert.False(domain.TryTake(HoldKind.Immutable, out _));
        Assert.Throws<BufferException>(() => holds[0].Share());
        Assert.Throws<BufferException>(() => holds[^1].Share());
        Assert.Equal(word, domain.Tracker.Word);
        Assert.False(holds[0].TryUpgrade(HoldKind.Exclusive, out _));

        holds = [.. holds.Select(static hold => hold.Downgrade(HoldKind.Read))];
        Assert.Equal(new HoldSnapshot { Readers = HoldWord.MaxHolds }, domain.Snapshot());
        for (int i = 0; i < holds.Length; i++)
        {
            Assert.True(holds[i].TryUpgrade(HoldKind.Immutable, out holds[i]));
        }

        Assert.Equal(new HoldSnapshot { Immutables = HoldWord.MaxHolds }, domain.Snapshot());
        Assert.All(holds, static hold => Assert.True(hold.TryRelease()));
        Assert.Equal(default, domain.Snapshot());
    }

    [Fact]
    public void At_the_limit_of_holds_on_nothing_taking_and_sharing_throw()
    {
        var domain = new TestDomain(0);
        HoldToken[] holds = Take(domain, HoldKind.Exclusive, HoldWord.MaxHolds - 1);
        HoldToken last = domain.Take(HoldKind.Read);

        Assert.Throws<BufferException>(() => domain.TryTake(HoldKind.Read, out _));
        Assert.Throws<BufferException>(() => last.Share());

        Assert.Equal(HoldWord.MaxHolds, domain.Snapshot().RangedHolds);
        Assert.All(holds.Append(last), static hold => Assert.True(hold.TryRelease()));
        Assert.Equal(default, domain.Snapshot());
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void A_hold_with_the_last_version_ends_once_and_none_is_valid_again(HoldKind kind)
    {
        var domain = new TestDomain(1);
        Words.SetVersion(domain, Words.LastVersion);
        List<HoldToken> stale = [];
        for (int i = 0; i < 5; i++)
        {
            HoldToken hold = domain.Take(kind);
            Assert.All(stale, static copy => Assert.True(copy.IsReleased));
            Assert.True(hold.TryRelease());
            stale.Add(hold);
        }

        Assert.All(stale, static copy => Assert.False(copy.TryRelease()));
        Assert.True(HoldWord.IsWide(domain.Tracker.Word));
    }

    [Fact]
    public void Versions_run_out_while_others_hold_and_nothing_is_lost()
    {
        var domain = new TestDomain(1);
        Words.SetVersion(domain, Words.LastVersion - 2);
        HoldToken[] company = Take(domain, HoldKind.Read, 10);
        for (int i = 0; i < 6; i++)
        {
            Assert.True(company[0].TryRelease());
            company[0] = domain.Take(HoldKind.Read);
            Assert.Equal(new HoldSnapshot { Readers = 10 }, domain.Snapshot());
        }

        Assert.True(HoldWord.IsWide(domain.Tracker.Word));
        Assert.All(company, static hold => Assert.True(hold.TryRelease()));
        Assert.Equal(default, domain.Snapshot());
    }

    private static HoldToken[] Take(TestDomain domain, HoldKind kind, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => domain.Take(kind))];
}
