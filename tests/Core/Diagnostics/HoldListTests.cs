using System.Runtime.CompilerServices;

namespace FastBuffers.Tests.Diagnostics;

public sealed class HoldListTests
{
    private static readonly RegionOptions s_traced = new() { TraceHolds = true };

    public static TheoryData<HoldKind, int, int> KindsAndRanges => [.. Kinds.All.SelectMany(static kind =>
        new[] { (kind, 0, 16), (kind, 4, 8), (kind, 0, 1), (kind, 7, 0) })];

    [Theory]
    [MemberData(nameof(KindsAndRanges))]
    public void A_traced_hold_is_listed_once_with_kind_range_age_and_who_took_it(HoldKind kind, int start, int length)
    {
        using Region region = Region.Allocate(16, s_traced);
        Lease lease = TakeHere(region.Slice(start, length), kind);

        HoldInfo hold = Assert.Single(region.GetHolds());

        Assert.Equal((kind, start, length), (hold.Kind, hold.Start, hold.Length));
        Assert.InRange(hold.Age!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Contains(nameof(TakeHere), hold.Stack, StringComparison.Ordinal);
        Assert.StartsWith($"{kind} hold taken", hold.Stack, StringComparison.Ordinal);
        Assert.True(region.GetHolds()[0].Age >= hold.Age);
        lease.Dispose();
        lease.Dispose();
        Assert.Empty(region.GetHolds());
    }

    [Fact]
    public void A_traced_scoped_hold_on_a_part_is_listed_while_it_lasts()
    {
        using Region region = Region.Allocate(16, s_traced);
        using (region.Slice(1, 2).HoldRead())
        using (region.Slice(3, 4).HoldExclusive())
        {
            Assert.Equal([(HoldKind.Read, 1L, 2L), (HoldKind.Exclusive, 3, 4)], Listed(region));
            Assert.All(region.GetHolds(), static hold => Assert.Contains(nameof(HoldListTests), hold.Stack, StringComparison.Ordinal));
        }

        Assert.Empty(region.GetHolds());
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(4, 8)]
    [InlineData(4, 0)]
    public void A_hold_is_listed_as_what_it_has_become(int start, int length)
    {
        using Region region = Region.Allocate(16, s_traced);
        Lease lease = region.Slice(start, length).Take(HoldKind.Read);
        Assert.True(lease.TryUpgrade(HoldKind.Write, out lease));
        Assert.Equal([(HoldKind.Write, start, length)], Listed(region));
        Assert.True(lease.TryUpgrade(HoldKind.Immutable, out lease));
        Assert.Equal([(HoldKind.Immutable, start, length)], Listed(region));
        Assert.True(lease.TryUpgrade(HoldKind.Exclusive, out lease));
        Assert.Equal([(HoldKind.Exclusive, start, length)], Listed(region));
        lease = lease.Downgrade(HoldKind.Read);
        Assert.Equal([(HoldKind.Read, start, length)], Listed(region));
        lease.Dispose();
        Assert.Empty(region.GetHolds());
    }

    [Fact]
    public void Shares_parts_and_pins_are_listed_as_holds_of_their_own()
    {
        using Region region = Region.Allocate(16, s_traced);
        (Lease left, Lease right) = region.Take(HoldKind.Exclusive).Split(6);
        Assert.Equal([(HoldKind.Exclusive, 0L, 6L), (HoldKind.Exclusive, 6, 10)], Listed(region));
        using (right.Pin())
        {
            Assert.Equal(2, region.GetHolds().Count);
        }

        Lease shared = right.Downgrade(HoldKind.Write);
        Lease share = shared.Share(2, 3, HoldKind.Read);
        using (share.Pin())
        {
            Assert.Equal(
                [(HoldKind.Exclusive, 0, 6), (HoldKind.Write, 6, 10), (HoldKind.Read, 8, 3), (HoldKind.Read, 8, 3)], Listed(region));
        }

        Assert.All([shared, share, left], static lease => lease.Dispose());
        Assert.Empty(region.GetHolds());
    }

    [Fact]
    public void A_joined_hold_is_listed_once()
    {
        using Region region = Region.Allocate(16, s_traced);
        (Lease left, Lease right) = region.Slice(2, 8).Take(HoldKind.Exclusive).Split(3);
        Assert.True(Lease.TryJoin(left, right, out Lease joined));

        Assert.Equal([(HoldKind.Exclusive, 2, 8)], Listed(region));
        joined.Dispose();
        Assert.Empty(region.GetHolds());
    }

    [Fact]
    public void A_resized_hold_is_listed_at_its_new_length()
    {
        using Region region = Region.Allocate(16, s_traced);
        foreach (int length in new[] { 8, 0, 24 })
        {
            using Lease lease = region.Take(HoldKind.Exclusive).Resize(length);
            Assert.Equal([(HoldKind.Exclusive, 0, length)], Listed(region));
        }

        Assert.Empty(region.GetHolds());
    }

    [Fact]
    public void Untraced_holds_are_listed_without_age_and_stack()
    {
        using Region region = Region.Allocate(16);
        using Lease whole = region.Take(HoldKind.Read);
        using Lease part = region.Slice(3, 4).Take(HoldKind.Immutable);
        using Lease nothing = region.Slice(3, 0).Take(HoldKind.Exclusive);

        Assert.Equal(
            [
                new HoldInfo { Kind = HoldKind.Read, Length = 16 },
                new HoldInfo { Kind = HoldKind.Immutable, Start = 3, Length = 4 },
                default,
            ],
            region.GetHolds());
    }

    private static IEnumerable<(HoldKind Kind, long Start, long Length)> Listed(Region region) =>
        region.GetHolds().Select(static hold => (hold.Kind, hold.Start, hold.Length));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Lease TakeHere(RegionSlice slice, HoldKind kind) => slice.Take(kind);
}
