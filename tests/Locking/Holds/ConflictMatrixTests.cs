using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Holds;

public sealed class ConflictMatrixTests
{
    public static TheoryData<DomainForm, HoldKind, HoldKind> FormsAndPairs => [.. DomainForms.All.SelectMany(static form =>
        Kinds.All.SelectMany(held => Kinds.All.Select(requested => (form, held, requested))))];

    [Theory]
    [MemberData(nameof(Kinds.Pairs), MemberType = typeof(Kinds))]
    public void The_table_says_what_the_semantics_say(HoldKind held, HoldKind requested)
    {
        bool tableConflicts = (ConflictTable.With(ConflictTable.Index(requested)) & held) != 0;

        Assert.Equal(Kinds.Conflict(held, requested), tableConflicts);
    }

    [Theory]
    [MemberData(nameof(FormsAndPairs))]
    public void A_hold_is_refused_exactly_when_the_kinds_conflict(DomainForm form, HoldKind held, HoldKind requested)
    {
        TestDomain domain = DomainForms.Create(form);
        HoldToken first = domain.Take(held);
        HoldSnapshot before = domain.Snapshot();
        long word = domain.Tracker.Word;

        bool taken = domain.TryTake(requested, out HoldToken second);

        Assert.Equal(!Kinds.Conflict(held, requested), taken);
        if (!taken)
        {
            Assert.Equal(default, second);
            Assert.Equal(before, domain.Snapshot());
            Assert.Equal(word, domain.Tracker.Word);
        }

        Assert.Equal(taken, second.TryRelease());
        Assert.Equal(before, domain.Snapshot());
        Assert.True(first.TryRelease());
        Assert.Equal(default, domain.Snapshot());
    }

    [Theory]
    [MemberData(nameof(FormsAndPairs))]
    public void A_refused_kind_can_be_taken_as_soon_as_the_last_blocker_has_ended(DomainForm form, HoldKind held, HoldKind requested)
    {
        TestDomain domain = DomainForms.Create(form);
        HoldToken[] holders = [.. Enumerable.Range(0, held == HoldKind.Exclusive ? 1 : 3).Select(_ => domain.Take(held))];
        foreach (HoldToken holder in holders)
        {
            Assert.Equal(!Kinds.Conflict(held, requested), TakeAndRelease(domain, requested));
            Assert.True(holder.TryRelease());
        }

        Assert.True(TakeAndRelease(domain, requested));
        Assert.Equal(default, domain.Snapshot());
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void Holds_belong_to_tokens_so_that_a_thread_conflicts_with_itself(HoldKind requested)
    {
        var tracker = new HoldTracker(1);
        Assert.True(tracker.TryTake(HoldKind.Exclusive, out HoldToken mine));

        Assert.False(tracker.TryTake(requested, out _));

        Assert.True(mine.TryRelease());
    }

    [Theory]
    [MemberData(nameof(FormsAndPairs))]
    public void Holds_on_nothing_conflict_with_nothing_but_are_counted(DomainForm form, HoldKind held, HoldKind requested)
    {
        var domain = new TestDomain(0, traced: form == DomainForm.Traced);
        HoldToken first = domain.Take(held);

        HoldToken second = domain.Take(requested);

        Assert.Equal(new HoldSnapshot { RangedHolds = 2 }, domain.Snapshot());
        Assert.True(first.TryRelease() && second.TryRelease());
        Assert.Equal(default, domain.Snapshot());
    }

    private static bool TakeAndRelease(TestDomain domain, HoldKind kind) => domain.TryTake(kind, out HoldToken token) && token.TryRelease();
}
