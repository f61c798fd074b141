namespace FastBuffers.Tests.Slices;

public sealed class SliceConflictTests
{
    private const int Length = 6;

    private static readonly (int Start, int Length)[] s_parts =
        [.. Enumerable.Range(0, Length + 1).SelectMany(static start => Enumerable.Range(0, Length - start + 1).Select(length => (start, length)))];

    [Theory]
    [MemberData(nameof(Kinds.Pairs), MemberType = typeof(Kinds))]
    public void Two_holds_conflict_when_their_kinds_do_and_they_share_a_byte(HoldKind held, HoldKind requested)
    {
        using Region region = Region.Allocate(Length);
        foreach ((int start, int length) in s_parts)
        {
            using Lease holder = region.Slice(start, length).Take(held);
            foreach ((int otherStart, int otherLength) in s_parts)
            {
                bool meet = Enumerable.Range(start, length).Intersect(Enumerable.Range(otherStart, otherLength)).Any();
                bool taken = region.Slice(otherStart, otherLength).TryTake(requested, out Lease other);

                Assert.True(
                    taken == !(meet && Kinds.Conflict(held, requested)),
                    $"{requested} of {otherLength} from {otherStart} beside {held} of {length} from {start}: {taken}");
                Assert.Equal(!taken, other == default);
                other.Dispose();
            }
        }

        Assert.Equal(default, region.Snapshot());
    }

    [Theory]
    [MemberData(nameof(Kinds.Pairs), MemberType = typeof(Kinds))]
    public void Single_bytes_that_interleave_never_conflict_and_the_same_ones_do(HoldKind held, HoldKind requested)
    {
        using Region region = Region.Allocate(200);
        Lease[] even = [.. Enumerable.Range(0, 100).Select(i => region.Slice(2 * i, 1).Take(held))];
        Lease[] odd = [.. Enumerable.Range(0, 100).Select(i => region.Slice((2 * i) + 1, 1).Take(requested))];

        for (int i = 0; i < 200; i++)
        {
            HoldKind there = i % 2 == 0 ? held : requested;
            Assert.Equal(!Kinds.Conflict(there, requested), Try(region.Slice(i, 1), requested));
            Assert.Equal(!Kinds.Conflict(there, held), Try(region.Slice(i, 1), held));
        }

        Assert.Equal(200, region.Snapshot().RangedHolds);
        Assert.All(even.Concat(odd), static lease => lease.Dispose());
    }

    [Theory]
    [MemberData(nameof(Kinds.Pairs), MemberType = typeof(Kinds))]
    public void The_whole_region_conflicts_with_its_parts_both_ways(HoldKind first, HoldKind second)
    {
        using Region region = Region.Allocate(Length);
        bool peace = !Kinds.Conflict(first, second);
        using (region.Slice(2, 1).Take(first))
        {
            Assert.Equal(peace, region.TryTake(second, out Lease whole));
            whole.Dispose();
        }

        using (region.Take(first))
        {
            Assert.Equal(peace, Try(region.Slice(2, 1), second));
            Assert.True(Try(region.Slice(2, 0), second));
        }

        using (region.Slice(3, 0).Take(first))
        {
            Assert.True(region.TryTake(second, out Lease whole));
            whole.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Kinds.Upgrades), MemberType = typeof(Kinds))]
    public void An_upgrade_of_the_whole_yields_to_a_conflicting_part(HoldKind from, HoldKind to)
    {
        foreach (HoldKind part in Kinds.All.Where(kind => !Kinds.Conflict(kind, from)))
        {
            // The second whole lease has a ticket, the first is in the word.
            foreach (int company in new[] { 0, 1 })
            {
                using Region region = Region.Allocate(Length);
                Lease[] others = [.. Enumerable.Range(0, company).Select(_ => region.Take(from))];
                Lease whole = region.Take(from);
                Array.ForEach(others, static other => other.Dispose());
                Lease held = region.Slice(0, 1).Take(part);
                HoldSnapshot before = region.Snapshot();

                bool upgraded = whole.TryUpgrade(to, out Lease stronger);

                Assert.Equal(!Kinds.Conflict(part, to), upgraded);
                Assert.True(upgraded ? whole.IsReleased : before == region.Snapshot() && !whole.IsReleased && stronger == default);
                held.Dispose();
                Assert.True(upgraded || whole.TryUpgrade(to, out stronger));
                stronger.Dispose();
                Assert.Equal(default, region.Snapshot());
            }
        }
    }

    [Fact]
    public void A_slice_of_everything_takes_whole_region_holds()
    {
        using Region region = Region.Allocate(Length);
        using Lease lease = region.Slice(0, Length).Take(HoldKind.Exclusive);

        Assert.Equal(new HoldSnapshot { IsExclusive = true }, region.Snapshot());
        using Lease frozen = lease.Freeze();
        Assert.Equal(new HoldSnapshot { Immutables = 1, IsFrozen = true }, region.Snapshot());
    }

    private static bool Try(RegionSlice slice, HoldKind kind)
    {
        bool taken = slice.TryTake(kind, out Lease lease);
        lease.Dispose();
        return taken;
    }
}
