using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Holds;

public sealed class ExactlyOnceTests
{
    public static TheoryData<DomainForm, HoldKind> FormsAndKinds =>
        [.. DomainForms.All.SelectMany(static form => Kinds.All.Select(kind => (form, kind)))];

    [Theory]
    [MemberData(nameof(FormsAndKinds))]
    public void A_second_release_of_a_copy_changes_nothing(DomainForm form, HoldKind kind)
    {
        TestDomain domain = DomainForms.Create(form);
        HoldToken hold = domain.Take(kind);
        HoldToken copy = hold;

        Assert.True(hold.TryRelease());

        Assert.True(copy.IsReleased);
        Assert.False(copy.TryRelease());
        Assert.False(hold.TryRelease());
        Assert.Equal(default, domain.Snapshot());
    }

    [Theory]
    [MemberData(nameof(FormsAndKinds))]
    public void A_second_release_beside_live_holders_takes_none_of_their_counts(DomainForm form, HoldKind kind)
    {
        TestDomain domain = DomainForms.Create(form);
        HoldKind beside = kind == HoldKind.Exclusive ? HoldKind.Read : kind;
        for (int position = 0; position < 4; position++)
        {
            // The one that is released twice is the first, second, third or fourth of its kind: each has another kind of identity.
            HoldToken[] others = [.. Enumerable.Range(0, kind == HoldKind.Exclusive ? 0 : position).Select(_ => domain.Take(beside))];
            HoldToken hold = domain.Take(kind);
            Assert.True(hold.TryRelease());
            others = [.. others, domain.Take(beside), domain.Take(beside)];
            HoldSnapshot before = domain.Snapshot();

            Assert.False(hold.TryRelease());

            Assert.Equal(before, domain.Snapshot());
            Assert.All(others, static other => Assert.False(other.IsReleased));
            Assert.All(others, static other => Assert.True(other.TryRelease()));
            Assert.Equal(default, domain.Snapshot());
        }
    }

    [Theory]
    [MemberData(nameof(FormsAndKinds))]
    public void Stale_copies_stay_dead_while_their_identity_is_used_again(DomainForm form, HoldKind kind)
    {
        TestDomain domain = DomainForms.Create(form);
        List<HoldToken> stale = [];
        for (int reuse = 0; reuse < 20; reuse++)
        {
            HoldToken hold = domain.Take(kind);
            HoldSnapshot before = domain.Snapshot();

            Assert.DoesNotContain(hold, stale);
            Assert.All(stale, static copy => Assert.True(copy.IsReleased));
            Assert.All(stale, static copy => Assert.False(copy.TryRelease()));

            Assert.Equal(before, domain.Snapshot());
            Assert.False(hold.IsReleased);
            Assert.True(hold.TryRelease());
            stale.Add(hold);
        }
    }

    [Fact]
    public void Default_behaves_as_released()
    {
        HoldToken none = default;

        Assert.True(none.IsReleased);
        Assert.False(none.TryRelease());
        Assert.Equal(HoldKind.None, none.Kind);
        Assert.Equal("no hold", none.ToString());
        Assert.Equal(default, none);
        Assert.Throws<ObjectDisposedException>(() => none.Downgrade(HoldKind.Read));
        Assert.Throws<ObjectDisposedException>(() => none.TryUpgrade(HoldKind.Exclusive, out _));
        Assert.Throws<ObjectDisposedException>(() => none.Share());
    }

    [Theory]
    [MemberData(nameof(FormsAndKinds))]
    public void A_released_hold_still_knows_its_kind_and_its_copies(DomainForm form, HoldKind kind)
    {
        TestDomain domain = DomainForms.Create(form);
        HoldToken hold = domain.Take(kind);
        int hash = hold.GetHashCode();
        Assert.Equal($"{kind} hold", hold.ToString());

        hold.TryRelease();
        HoldToken copy = hold;

        Assert.Equal(kind, hold.Kind);
        Assert.Equal($"{kind} hold, released", hold.ToString());
        Assert.True(hold == copy && hold.Equals((object)copy) && !(hold != copy));
        Assert.Equal(hash, copy.GetHashCode());
        Assert.True(hold != default);
    }

    [Fact]
    public void Two_live_holds_are_never_equal()
    {
        var domain = new TestDomain(1);
        HoldToken[] holds = [.. Enumerable.Range(0, 200).Select(_ => domain.Take(HoldKind.Read))];

        Assert.Equal(holds.Length, holds.Distinct().Count());
        Assert.All(holds, static hold => Assert.True(hold.TryRelease()));
    }
}
