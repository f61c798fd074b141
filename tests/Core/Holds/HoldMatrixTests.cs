using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Holds;

public sealed class HoldMatrixTests
{
    public static TheoryData<HoldKind, HoldKind, bool, bool> PairsAndForms => [.. Kinds.All.SelectMany(static held =>
        Kinds.All.SelectMany(requested => new[] { (held, requested, true, true), (held, requested, true, false), (held, requested, false, true), (held, requested, false, false) }))];

    [Theory]
    [MemberData(nameof(PairsAndForms))]
    public void A_hold_is_refused_exactly_when_the_kinds_conflict(HoldKind held, HoldKind requested, bool heldScoped, bool requestedScoped)
    {
        foreach (bool wide in new[] { false, true })
        {
            using Region region = Region.Allocate(128);
            if (wide)
            {
                Words.MakeWide(region);
            }

            While(region, held, heldScoped, () =>
            {
                HoldSnapshot before = region.Snapshot();
                long word = region.Tracker.Word;
                Assert.Equal(1, before.Total);

                Assert.Equal(!Kinds.Conflict(held, requested), Try(region, requested, requestedScoped));

                Assert.Equal(before, region.Snapshot());
                Assert.True(!Kinds.Conflict(held, requested) || word == region.Tracker.Word);
            });
            Assert.Equal(default, region.Snapshot());
        }
    }

    [Theory]
    [MemberData(nameof(PairsAndForms))]
    public void What_cannot_be_had_throws_and_names_what_blocks(HoldKind held, HoldKind requested, bool heldScoped, bool requestedScoped)
    {
        if (!Kinds.Conflict(held, requested))
        {
            return;
        }

        using Region region = Region.Allocate(128);
        While(region, held, heldScoped, () =>
        {
            HoldSnapshot before = region.Snapshot();

            var conflict = Assert.Throws<BufferConflictException>(() => While(region, requested, requestedScoped, static () => { }));

            Assert.Equal($"{requested} refused: 1 {held} hold is active.", conflict.Message);
            Assert.Equal((requested, 0, 128), (conflict.Requested, conflict.RequestedStart, conflict.RequestedLength));
            Assert.Equal(before, conflict.Snapshot);
            Assert.Equal(held, Assert.Single(conflict.Blockers).Kind);
            Assert.Equal(before, region.Snapshot());
        });
    }

    [Theory]
    [MemberData(nameof(PairsAndForms))]
    public void On_zero_bytes_nothing_conflicts_but_every_hold_counts(HoldKind held, HoldKind requested, bool heldScoped, bool requestedScoped)
    {
        using Region region = Region.Allocate(0);
        While(region, held, heldScoped, () => While(region, requested, requestedScoped, () =>
        {
            Assert.Equal(new HoldSnapshot { RangedHolds = 2 }, region.Snapshot());
            Assert.False(region.TryFree());
            Assert.Throws<BufferConflictException>(() => region.Resize(1));
        }));
        Assert.Equal(default, region.Snapshot());
    }

    [Fact]
    public void A_crowd_is_counted_and_named_by_kind()
    {
        using Region region = Region.Allocate(1);
        using Lease first = region.Take(HoldKind.Immutable);
        using Lease second = first.Share();
        using ReadHold read = region.HoldRead();

        var conflict = Assert.Throws<BufferConflictException>(() => region.Take(HoldKind.Exclusive));

        Assert.Equal("Exclusive refused: 2 Immutable and 1 Read hold are active.", conflict.Message);
        Assert.Equal("Region of 1 bytes: 2 Immutable and 1 Read hold are active", region.ToString());
    }

    private static void While(Region region, HoldKind kind, bool scoped, Action body)
    {
        if (scoped)
        {
            Scoped.While(region, kind, body);
            return;
        }

        using (region.Take(kind))
        {
            body();
        }
    }

    private static bool Try(Region region, HoldKind kind, bool scoped)
    {
        if (scoped)
        {
            return Scoped.Try(region, kind);
        }

        bool taken = region.TryTake(kind, out Lease lease);
        Assert.Equal(taken, lease != default);
        lease.Dispose();
        return taken;
    }
}
