using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Holds;

public sealed class ShareTests
{
    public static TheoryData<DomainForm, HoldKind> FormsAndSharedKinds =>
        [.. DomainForms.All.SelectMany(static form => Kinds.Shared.Select(kind => (form, kind)))];

    [Theory]
    [MemberData(nameof(FormsAndSharedKinds))]
    public void A_share_is_a_hold_of_its_own_and_outlives_its_parent(DomainForm form, HoldKind kind)
    {
        TestDomain domain = DomainForms.Create(form);
        HoldToken parent = domain.Take(kind);
        HoldToken child = parent.Share();
        HoldToken grandchild = child.Share();
        Assert.Equal(3, domain.Snapshot().Total);

        Assert.True(parent.TryRelease());
        Assert.True(child.TryRelease());

        Assert.False(grandchild.IsReleased);
        Assert.Equal((kind, 1), (grandchild.Kind, domain.Snapshot().Total));
        Assert.True(grandchild.TryRelease());
        Assert.Equal(default, domain.Snapshot());
    }

    [Theory]
    [InlineData(HoldKind.Write)]
    [InlineData(HoldKind.Immutable)]
    public void A_share_may_be_weaker_than_its_parent(HoldKind kind)
    {
        var domain = new TestDomain(1);
        HoldToken parent = domain.Take(kind);

        HoldToken share = parent.Share(HoldKind.Read);

        Assert.Equal((HoldKind.Read, kind, 1), (share.Kind, parent.Kind, domain.Snapshot().Readers));
        Assert.True(parent.TryRelease() && share.TryRelease());
    }

    [Theory]
    [MemberData(nameof(FormsAndSharedKinds))]
    public void A_share_of_a_live_hold_is_never_refused_neither_retired_nor_frozen(DomainForm form, HoldKind kind)
    {
        TestDomain domain = DomainForms.Create(form);
        HoldToken parent = domain.Take(kind);
        if (kind != HoldKind.Write)
        {
            domain.FreezeCore();
        }

        domain.RetireCore(out _);
        HoldToken share = parent.Share();

        Assert.True(parent.TryRelease());
        Assert.Equal(0, domain.Closed);
        Assert.True(share.TryRelease());
        Assert.Equal(1, domain.Closed);
    }

    [Theory]
    [MemberData(nameof(FormsAndSharedKinds))]
    public void A_released_hold_cannot_be_shared(DomainForm form, HoldKind kind)
    {
        TestDomain domain = DomainForms.Create(form);
        HoldToken parent = domain.Take(kind);
        HoldToken other = domain.Take(kind);
        parent.TryRelease();

        Assert.Throws<ObjectDisposedException>(() => parent.Share());

        Assert.Equal(1, domain.Snapshot().Total);
        Assert.True(other.TryRelease());
    }

    [Theory]
    [InlineData(HoldKind.None)]
    [InlineData(HoldKind.Read)]
    [InlineData(HoldKind.Exclusive)]
    public void An_Exclusive_hold_is_never_shared(HoldKind kind)
    {
        var domain = new TestDomain(1);
        HoldToken parent = domain.Take(HoldKind.Exclusive);

        Assert.Throws<BufferException>(() => parent.Share(kind));

        Assert.True(parent.TryRelease());
    }

    [Theory]
    [MemberData(nameof(Kinds.NoDowngrades), MemberType = typeof(Kinds))]
    public void A_share_is_never_stronger_than_its_parent(HoldKind parentKind, HoldKind kind)
    {
        if (parentKind == kind || parentKind == HoldKind.Exclusive)
        {
            return;
        }

        var domain = new TestDomain(1);
        HoldToken parent = domain.Take(parentKind);

        Assert.Equal(kind, Assert.Throws<ArgumentOutOfRangeException>(() => parent.Share(kind)).ActualValue);

        Assert.True(parent.TryRelease());
    }

    [Fact]
    public void A_share_of_nothing_is_counted()
    {
        var domain = new TestDomain(0);
        HoldToken parent = domain.Take(HoldKind.Write);
        HoldToken share = parent.Share(HoldKind.Read);

        Assert.True(parent.TryRelease());
        Assert.Equal(1, domain.Snapshot().RangedHolds);
        Assert.True(share.TryRelease());
        Assert.Equal(default, domain.Snapshot());
    }
}
