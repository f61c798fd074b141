using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Tracking;

public sealed class TicketTests
{
    [Fact]
    public void A_use_puts_the_end_of_an_Exclusive_hold_off()
    {
        var domain = new TestDomain(1);
        HoldToken hold = domain.Take(HoldKind.Exclusive);
        HoldToken use = HoldConversion.Keep(hold);

        Assert.True(hold.TryRelease());

        Assert.True(hold.IsReleased);
        Assert.False(use.IsReleased);
        Assert.False(domain.TryTake(HoldKind.Read, out _));
        Assert.True(use.TryRelease());
        Assert.False(use.TryRelease());
        Assert.Equal(default, domain.Snapshot());
    }

    [Fact]
    public void A_hold_in_use_is_not_downgraded_and_nothing_is_lost()
    {
        var domain = new TestDomain(1);
        HoldToken hold = domain.Take(HoldKind.Exclusive);
        HoldToken use = HoldConversion.Keep(hold);

        Assert.True(Assert.Throws<BufferConflictException>(() => hold.Downgrade(HoldKind.Read)).Snapshot.IsExclusive);

        Assert.True(use.TryRelease());
        Assert.True(hold.Downgrade(HoldKind.Read).TryRelease());
        Assert.Equal(default, domain.Snapshot());
    }

    [Fact]
    public void At_most_127_uses_are_out_and_all_of_them_end()
    {
        var domain = new TestDomain(1);
        HoldToken hold = domain.Take(HoldKind.Exclusive);
        HoldToken[] uses = [.. Enumerable.Range(0, 127).Select(_ => HoldConversion.Keep(hold))];

        Assert.Contains("127", Assert.Throws<BufferException>(() => HoldConversion.Keep(hold)).Message, StringComparison.Ordinal);

        Assert.True(hold.TryRelease());
        Assert.All(uses, use =>
        {
            Assert.True(domain.Snapshot().IsExclusive);
            Assert.True(use.TryRelease());
        });
        Assert.Equal(default, domain.Snapshot());
    }

    [Theory]
    [MemberData(nameof(Kinds.EachShared), MemberType = typeof(Kinds))]
    public void What_keeps_a_shared_hold_is_a_hold_of_its_own(HoldKind kind)
    {
        var domain = new TestDomain(1);
        HoldToken hold = domain.Take(kind);
        HoldToken kept = HoldConversion.Keep(hold);

        Assert.True(hold.TryRelease());

        Assert.Equal((kind, 1), (kept.Kind, domain.Snapshot().Total));
        Assert.True(kept.TryRelease());
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void A_released_hold_is_not_kept(HoldKind kind)
    {
        var domain = new TestDomain(1);
        HoldToken hold = domain.Take(kind);
        hold.TryRelease();

        Assert.Throws<ObjectDisposedException>(() => HoldConversion.Keep(hold));
        Assert.Equal(default, domain.Snapshot());
    }
}
