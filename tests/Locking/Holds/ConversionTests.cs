using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Holds;

public sealed class ConversionTests
{
    public static TheoryData<DomainForm, HoldKind, HoldKind> Downgrades => Forms(Kinds.IsDowngrade);

    public static TheoryData<DomainForm, HoldKind, HoldKind> Upgrades => Forms(Kinds.IsUpgrade);

    [Theory]
    [MemberData(nameof(Downgrades))]
    public void A_downgrade_consumes_the_stronger_hold_and_gives_the_weaker(DomainForm form, HoldKind from, HoldKind to)
    {
        TestDomain domain = DomainForms.Create(form);
        HoldToken strong = domain.Take(from);

        HoldToken weak = strong.Downgrade(to);

        AssertReplaced(domain, strong, weak, to);
    }

    [Theory]
    [MemberData(nameof(Upgrades))]
    public void An_upgrade_with_nobody_else_there_succeeds(DomainForm form, HoldKind from, HoldKind to)
    {
        TestDomain domain = DomainForms.Create(form);
        HoldToken old = domain.Take(from);

        Assert.True(old.TryUpgrade(to, out HoldToken upgraded));

        AssertReplaced(domain, old, upgraded, to);
    }

    [Theory]
    [MemberData(nameof(Upgrades))]
    public void An_upgrade_is_refused_exactly_when_another_hold_conflicts_and_then_changes_nothing(DomainForm form, HoldKind from, HoldKind to)
    {
        foreach (HoldKind besides in Kinds.Shared.Where(kind => !Kinds.Conflict(kind, from)))
        {
            // Mine came first, or second: its identity is elsewhere then.
            foreach (bool mineFirst in new[] { true, false })
            {
                TestDomain domain = DomainForms.Create(form);
                HoldToken a = domain.Take(mineFirst ? from : besides);
                HoldToken b = domain.Take(mineFirst ? besides : from);
                (HoldToken mine, HoldToken other) = mineFirst ? (a, b) : (b, a);
                HoldSnapshot before = domain.Snapshot();

                bool done = mine.TryUpgrade(to, out HoldToken upgraded);

                Assert.Equal(!Kinds.Conflict(besides, to), done);
                if (!done)
                {
                    Assert.Equal(default, upgraded);
                    Assert.Equal(before, domain.Snapshot());
                }

                Assert.Equal(done, mine.IsReleased);
                Assert.True((done ? upgraded : mine).TryRelease());
                Assert.True(other.TryRelease());
                Assert.Equal(default, domain.Snapshot());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds.NoDowngrades), MemberType = typeof(Kinds))]
    public void What_is_not_weaker_is_no_downgrade(HoldKind from, HoldKind to)
    {
        var domain = new TestDomain(1);
        HoldToken hold = domain.Take(from);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => hold.Downgrade(to));

        Assert.Equal(to, error.ActualValue);
        Assert.True(hold.TryRelease());
    }

    [Theory]
    [MemberData(nameof(Kinds.NoUpgrades), MemberType = typeof(Kinds))]
    public void What_is_not_stronger_is_no_upgrade(HoldKind from, HoldKind to)
    {
        var domain = new TestDomain(1);
        HoldToken hold = domain.Take(from);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => hold.TryUpgrade(to, out _));

        Assert.Equal(to, error.ActualValue);
        Assert.True(hold.TryRelease());
    }

    [Theory]
    [MemberData(nameof(Upgrades))]
    public void An_upgrade_on_a_retired_domain_is_refused_and_the_hold_kept(DomainForm form, HoldKind from, HoldKind to)
    {
        TestDomain domain = DomainForms.Create(form);
        HoldToken hold = domain.Take(from);
        domain.RetireCore(out _);

        Assert.Throws<ObjectDisposedException>(() => hold.TryUpgrade(to, out _));

        Assert.True(hold.TryRelease());
        Assert.Equal(1, domain.Closed);
    }

    [Theory]
    [MemberData(nameof(Downgrades))]
    public void A_downgrade_on_a_retired_domain_is_allowed(DomainForm form, HoldKind from, HoldKind to)
    {
        TestDomain domain = DomainForms.Create(form);
        HoldToken hold = domain.Take(from);
        domain.RetireCore(out _);

        HoldToken weak = hold.Downgrade(to);

        Assert.Equal(0, domain.Closed);
        Assert.True(weak.TryRelease());
        Assert.Equal(1, domain.Closed);
    }

    [Theory]
    [MemberData(nameof(Kinds.Pairs), MemberType = typeof(Kinds))]
    public void On_nothing_every_legal_conversion_succeeds_whoever_else_is_there(HoldKind from, HoldKind to)
    {
        if (Kinds.IsDowngrade(from, to) || Kinds.IsUpgrade(from, to))
        {
            var domain = new TestDomain(0);
            HoldToken[] others = [.. Kinds.All.Select(domain.Take)];
            HoldToken hold = domain.Take(from);

            HoldToken converted = Kinds.IsDowngrade(from, to) ? hold.Downgrade(to) : Upgraded(hold, to);

            Assert.Equal((to, true, 5), (converted.Kind, hold.IsReleased, domain.Snapshot().RangedHolds));
            Assert.True(converted.TryRelease());
            Assert.All(others, static other => Assert.True(other.TryRelease()));
        }
    }

    [Fact]
    public void A_hold_can_be_converted_again_and_again()
    {
        var domain = new TestDomain(1);
        HoldToken hold = domain.Take(HoldKind.Read);
        for (int i = 0; i < 1_000; i++)
        {
            hold = Upgraded(hold, HoldKind.Write);
            hold = Upgraded(hold, HoldKind.Immutable);
            hold = Upgraded(hold, HoldKind.Exclusive);
            hold = hold.Downgrade(HoldKind.Immutable).Downgrade(HoldKind.Read);
        }

        Assert.Equal(new HoldSnapshot { Readers = 1 }, domain.Snapshot());
        Assert.True(hold.TryRelease());
        Assert.Equal(default, domain.Snapshot());
    }

    private static HoldToken Upgraded(HoldToken hold, HoldKind kind)
    {
        Assert.True(hold.TryUpgrade(kind, out HoldToken upgraded));
        return upgraded;
    }

    private static void AssertReplaced(TestDomain domain, HoldToken old, HoldToken converted, HoldKind kind)
    {
        Assert.Equal(kind, converted.Kind);
        Assert.False(converted.IsReleased);
        Assert.True(old.IsReleased);
        HoldSnapshot after = domain.Snapshot();
        Assert.Equal((1, (HoldKind)(1 << Array.IndexOf([after.Readers, after.Writers, after.Immutables, 1], 1))), (after.Total, kind));
        Assert.Throws<ObjectDisposedException>(() => old.Share());

        Assert.False(old.TryRelease());

        Assert.Equal(after, domain.Snapshot());
        Assert.True(converted.TryRelease());
        Assert.Equal(default, domain.Snapshot());
    }

    private static TheoryData<DomainForm, HoldKind, HoldKind> Forms(Func<HoldKind, HoldKind, bool> legal) =>
        [.. DomainForms.All.SelectMany(form => Kinds.All.SelectMany(from => Kinds.All.Where(to => legal(from, to)).Select(to => (form, from, to))))];
}
