using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Regions;

public sealed class ResizeTests
{
    public static TheoryData<int, int, bool> LengthsAndForms =>
        [.. new[] { 0, 1, 64, 5_000 }.SelectMany(static from => new[] { 0, 1, 64, 5_000 }.SelectMany(to => new[] { (from, to, false), (from, to, true) }))];

    public static TheoryData<HoldKind, int, bool> Holds =>
        [.. Kinds.All.SelectMany(static kind => new[] { (kind, 0, false), (kind, 0, true), (kind, 8, false), (kind, 8, true) })];

    [Theory]
    [MemberData(nameof(LengthsAndForms))]
    public void Contents_are_kept_and_growth_is_zeroed(int from, int to, bool throughLease)
    {
        using Region region = Region.Allocate(from);
        Lease lease = region.Take(HoldKind.Exclusive);
        for (int i = 0; i < from; i++)
        {
            lease.Span[i] = (byte)(i | 1);
        }

        if (throughLease)
        {
            Lease resized = lease.Resize(to);
            Assert.True(lease.IsReleased);
            Assert.Equal((HoldKind.Exclusive, 1), (resized.Kind, region.Snapshot().Total));
            lease.Dispose();
            Assert.False(resized.IsReleased);
            lease = resized;
        }
        else
        {
            lease.Dispose();
            region.Resize(to);
            Assert.Equal(default, region.Snapshot());
            lease = region.Take(HoldKind.Exclusive);
        }

        byte[] expected = [.. Enumerable.Range(0, to).Select(i => i < from ? (byte)(i | 1) : (byte)0)];
        Assert.Equal((to, to), (region.Length, lease.Length));
        Assert.Equal(expected, lease.ToArray());
        Assert.Equal(to == 0, Scoped.Try(region, HoldKind.Read));
        lease.Dispose();
        Assert.Equal(default, region.Snapshot());
        Assert.True(Scoped.Try(region, HoldKind.Exclusive));
        Assert.True(region.TryFree());
    }

    [Theory]
    [MemberData(nameof(Holds))]
    public void Any_hold_refuses_a_resize_before_anything_changes(HoldKind kind, int length, bool scoped)
    {
        using Region region = Region.Allocate(length);
        void AssertRefused()
        {
            HoldSnapshot before = region.Snapshot();
            foreach (int newLength in new[] { length, 0, 4, 9 })
            {
                var conflict = Assert.Throws<BufferConflictException>(() => region.Resize(newLength));
                Assert.Equal(HoldKind.None, conflict.Requested);
                Assert.Contains("Resize", conflict.Message, StringComparison.Ordinal);
            }

            Assert.Equal((before, length), (region.Snapshot(), region.Length));
        }

        if (scoped)
        {
            Scoped.While(region, kind, AssertRefused);
        }
        else
        {
            using Lease lease = region.Take(kind);
            AssertRefused();
        }

        region.Resize(3);
        Assert.Equal(3, region.Length);
    }

    [Fact]
    public void A_lease_that_is_not_the_only_hold_on_nothing_does_not_resize()
    {
        using Region region = Region.Allocate(0);
        Lease lease = region.Take(HoldKind.Exclusive);
        Lease other = region.Take(HoldKind.Exclusive);

        Assert.Throws<BufferConflictException>(() => lease.Resize(8));

        Assert.Equal((0, 2), (region.Length, region.Snapshot().RangedHolds));
        other.Dispose();
        lease = lease.Resize(8);
        Assert.Equal(new HoldSnapshot { IsExclusive = true }, region.Snapshot());
        lease.Dispose();
        Assert.Equal(default, region.Snapshot());
    }

    [Theory]
    [InlineData(HoldKind.Read)]
    [InlineData(HoldKind.Write)]
    [InlineData(HoldKind.Immutable)]
    public void Only_an_Exclusive_lease_resizes(HoldKind kind)
    {
        using Region region = Region.Allocate(8);
        using Lease lease = region.Take(kind);

        Assert.Throws<BufferException>(() => lease.Resize(9));

        Assert.False(lease.IsReleased);
    }

    [Fact]
    public void Memory_that_was_wrapped_is_not_resized()
    {
        var memory = new ForeignMemory(8);
        Region region = memory.AsRegion();
        Assert.Throws<BufferException>(() => region.Resize(4));
        Assert.Throws<BufferException>(() => Region.Wrap(new byte[8]).Resize(4));
        using (Lease lease = region.Take(HoldKind.Exclusive))
        {
            Assert.Throws<BufferException>(() => lease.Resize(4));
            Assert.False(lease.IsReleased);
        }

        region.Dispose();
        Assert.Throws<ObjectDisposedException>(() => region.Resize(4));
    }

    [Fact]
    public void A_lease_resizes_up_and_down_through_zero_and_back()
    {
        using Region region = Region.Allocate(16);
        Lease lease = region.Take(HoldKind.Read);
        Assert.True(lease.TryUpgrade(HoldKind.Exclusive, out lease));
        foreach (int length in new[] { 0, 8, 0, 0, 5, 7, 0 })
        {
            Lease old = lease;
            lease = lease.Resize(length);
            old.Dispose();
            Assert.Equal((length, 1), (lease.Length, region.Snapshot().Total));
            Assert.Equal(length == 0, Scoped.Try(region, HoldKind.Write));
        }

        lease.Dispose();
        Assert.Equal(default, region.Snapshot());
    }

    [Fact]
    public void A_second_lease_from_the_regions_own_ticket_resizes_too()
    {
        using Region region = Region.Allocate(16);
        Lease first = region.Take(HoldKind.Read);
        Lease second = region.Take(HoldKind.Read);
        first.Dispose();
        Assert.True(second.TryUpgrade(HoldKind.Exclusive, out second));

        second = second.Resize(0);
        Assert.Equal(new HoldSnapshot { RangedHolds = 1 }, region.Snapshot());
        second = second.Resize(4);
        second.Dispose();

        Assert.Equal(default, region.Snapshot());
        using Lease a = region.Take(HoldKind.Read);
        using Lease b = region.Take(HoldKind.Read);
        using Lease c = region.Take(HoldKind.Read);
        Assert.Equal(3, new[] { a, b, c }.Distinct().Count());
    }
}
