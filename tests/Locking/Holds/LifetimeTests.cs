using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Holds;

public sealed class LifetimeTests
{
    public static TheoryData<DomainForm, HoldKind> FormsAndKinds =>
        [.. DomainForms.All.SelectMany(static form => Kinds.All.Select(kind => (form, kind)))];

    [Theory]
    [MemberData(nameof(FormsAndKinds))]
    public void A_retired_domain_closes_with_its_last_hold_once(DomainForm form, HoldKind kind)
    {
        TestDomain domain = DomainForms.Create(form);
        HoldToken[] holds = [.. Enumerable.Range(0, kind == HoldKind.Exclusive ? 1 : 4).Select(_ => domain.Take(kind))];

        Assert.True(domain.RetireCore(out bool held));
        Assert.True(held);
        Assert.False(domain.RetireCore(out _));
        foreach (HoldToken hold in holds)
        {
            Assert.Equal(0, domain.Closed);
            Assert.True(hold.TryRelease());
        }

        Assert.Equal(1, domain.Closed);
        Assert.All(holds, static hold => Assert.False(hold.TryRelease()));
        Assert.Equal(1, domain.Closed);
        Assert.Equal(new HoldSnapshot { IsRetired = true }, domain.Snapshot());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_domain_without_holds_closes_when_it_is_retired(long length)
    {
        var domain = new TestDomain(length);

        Assert.True(domain.RetireCore(out bool held));

        Assert.False(held);
        Assert.Equal(1, domain.Closed);
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void Holds_on_nothing_count_for_the_lifetime(HoldKind kind)
    {
        var domain = new TestDomain(0);
        HoldToken first = domain.Take(kind);
        HoldToken second = domain.Take(kind);

        Assert.False(domain.TryCloseIdle());
        domain.RetireCore(out bool held);

        Assert.True(held);
        Assert.True(first.TryRelease());
        Assert.Equal(0, domain.Closed);
        Assert.True(second.TryRelease());
        Assert.Equal(1, domain.Closed);
    }

    [Theory]
    [MemberData(nameof(FormsAndKinds))]
    public void Closing_while_held_changes_nothing_and_says_so(DomainForm form, HoldKind kind)
    {
        TestDomain domain = DomainForms.Create(form);
        HoldToken hold = domain.Take(kind);
        HoldSnapshot before = domain.Snapshot();

        Assert.False(domain.TryCloseIdle());

        Assert.Equal(before, domain.Snapshot());
        Assert.True(hold.TryRelease());
        Assert.True(domain.TryCloseIdle());
        Assert.Throws<ObjectDisposedException>(() => domain.TryCloseIdle());
        Assert.Equal(1, domain.Closed);
    }

    [Theory]
    [MemberData(nameof(FormsAndKinds))]
    public void A_frozen_domain_supports_Read_and_Immutable_only(DomainForm form, HoldKind kind)
    {
        TestDomain domain = DomainForms.Create(form);
        domain.FreezeCore();
        domain.FreezeCore();
        Assert.Equal(new HoldSnapshot { IsFrozen = true }, domain.Snapshot());

        if (kind is HoldKind.Read or HoldKind.Immutable)
        {
            Assert.True(domain.Take(kind).TryRelease());
        }
        else
        {
            Assert.IsNotType<BufferConflictException>(Assert.Throws<BufferException>(() => domain.TryTake(kind, out _)));
        }
    }

    [Theory]
    [MemberData(nameof(FormsAndKinds))]
    public void Freezing_is_refused_while_somebody_may_write(DomainForm form, HoldKind held)
    {
        TestDomain domain = DomainForms.Create(form);
        HoldToken hold = domain.Take(held);

        if (Kinds.Conflict(held, HoldKind.Immutable))
        {
            Assert.Throws<BufferConflictException>(domain.FreezeCore);
            Assert.False(domain.IsFrozen);
        }
        else
        {
            domain.FreezeCore();
            Assert.True(domain.IsFrozen);
        }

        Assert.True(hold.TryRelease());
    }

    [Fact]
    public void Retiring_a_tracker_twice_is_harmless()
    {
        var tracker = new HoldTracker(3);
        tracker.TryTake(HoldKind.Exclusive, out HoldToken hold);
        tracker.Retire();
        tracker.Retire();

        Assert.True(hold.TryRelease());
        Assert.Equal(new HoldSnapshot { IsRetired = true }, tracker.Snapshot());
        Assert.Equal("HoldTracker of 3 bytes", tracker.ToString());
    }
}
