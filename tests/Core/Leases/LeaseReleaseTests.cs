using System.Buffers;

namespace FastBuffers.Tests.Leases;

public sealed class LeaseReleaseTests
{
    public static TheoryData<HoldKind, int, int> KindsPositionsAndLengths => [.. Kinds.All.SelectMany(static kind =>
        Enumerable.Range(0, kind == HoldKind.Exclusive ? 1 : 4).SelectMany(position => new[] { (kind, position, 0), (kind, position, 64) }))];

    [Theory]
    [MemberData(nameof(KindsPositionsAndLengths))]
    public void A_second_dispose_of_a_copy_changes_nothing(HoldKind kind, int position, int length)
    {
        using Region region = Region.Allocate(length);
        Lease[] before = [.. Enumerable.Range(0, position).Select(_ => region.Take(kind))];
        Lease lease = region.Take(kind);
        using (lease)
        {
            lease.Dispose();
            Lease other = region.Take(kind);
            HoldSnapshot expected = region.Snapshot();

            lease.Dispose();

            Assert.Equal(expected, region.Snapshot());
            Assert.False(other.IsReleased);
            other.Dispose();
        }

        Assert.All(before, static held => held.Dispose());
        Assert.Equal(default, region.Snapshot());
    }

    [Theory]
    [MemberData(nameof(KindsPositionsAndLengths))]
    public void After_release_every_way_to_the_bytes_throws(HoldKind kind, int position, int length)
    {
        using Region region = Region.Allocate(length);
        Lease[] others = [.. Enumerable.Range(0, position).Select(_ => region.Take(kind))];
        Lease lease = region.Take(kind);
        lease.Dispose();
        using Lease later = region.Take(kind);

        AssertDead(lease);
        Assert.Equal(kind, lease.Kind);
        Assert.Equal($"{kind} lease, released", lease.ToString());
        Assert.All(others, static held => held.Dispose());
    }

    [Fact]
    public void Default_behaves_as_released()
    {
        AssertDead(default);
        default(Lease).Dispose();
        Assert.Equal(HoldKind.None, default(Lease).Kind);
        Assert.Equal("no lease", default(Lease).ToString());
        Assert.True(default == default(Lease) && default(Lease).Equals((object)default(Lease)));
    }

    [Theory]
    [MemberData(nameof(KindsPositionsAndLengths))]
    public void Equality_is_that_of_copies_and_outlives_the_hold(HoldKind kind, int position, int length)
    {
        using Region region = Region.Allocate(length);
        Lease[] others = [.. Enumerable.Range(0, position).Select(_ => region.Take(kind))];
        Lease lease = region.Take(kind);
        Lease copy = lease;
        int hash = lease.GetHashCode();
        Assert.DoesNotContain(lease, others);
        Assert.Equal($"{kind} lease of {length} bytes", lease.ToString());

        lease.Dispose();

        Assert.True(lease == copy && !(lease != copy) && lease.Equals((object)copy) && lease != default && !lease.Equals("lease"));
        Assert.Equal(hash, copy.GetHashCode());
        using Lease later = region.Take(kind);
        Assert.True(later != lease);
        Assert.All(others, static held => held.Dispose());
    }

    [Fact]
    public void A_reader_gets_no_writable_bytes()
    {
        using Region region = Region.Allocate(8);
        foreach (HoldKind kind in new[] { HoldKind.Read, HoldKind.Immutable })
        {
            using Lease lease = region.Take(kind);

            Assert.Throws<BufferException>(() => lease.Span.Length);
            Assert.Throws<BufferException>(() => lease.Memory);
            Assert.Throws<BufferException>(() =>
            {
                using LeaseScope scope = lease.Open();
                return scope.Span.Length;
            });
            Assert.Equal(8, lease.ReadOnlySpan.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void A_lease_knows_its_region_and_range_and_copies_its_bytes(HoldKind kind)
    {
        using Region region = Region.Allocate(5);
        using (ExclusiveHold hold = region.HoldExclusive())
        {
            "12345"u8.CopyTo(hold.Span);
        }

        using Lease lease = region.Take(kind);
        byte[] copy = new byte[6];
        lease.CopyTo(copy);

        Assert.Same(region, lease.Region);
        Assert.Equal((0, 5, false), (lease.Start, lease.Length, lease.IsReleased));
        Assert.Equal("12345"u8.ToArray(), lease.ToArray());
        Assert.Equal("12345\0"u8.ToArray(), copy);
        Assert.Throws<ArgumentException>(() => lease.CopyTo(new byte[4]));
        Assert.Equal(1, region.Snapshot().Total);
    }

    [Fact]
    public void A_hundred_stale_copies_do_nothing_to_later_holds()
    {
        using Region region = Region.Allocate(8);
        List<Lease> stale = [];
        for (int i = 0; i < 100; i++)
        {
            HoldKind kind = Kinds.All[i % 4];
            Lease lease = region.Take(kind);
            HoldSnapshot expected = region.Snapshot();
            Assert.All(stale, static copy => copy.Dispose());
            Assert.All(stale, static copy => Assert.True(copy.IsReleased));
            Assert.Equal(expected, region.Snapshot());
            lease.Dispose();
            stale.Add(lease);
        }

        Assert.Equal(default, region.Snapshot());
    }

    private static void AssertDead(Lease lease)
    {
        Assert.True(lease.IsReleased);
        Func<object?>[] members =
        [
            () => lease.Start, () => lease.Length, () => lease.Region, () => lease.Span.Length, () => lease.ReadOnlySpan.Length,
            () => lease.Memory, () => lease.ReadOnlyMemory, () => lease.Open().ReadOnlySpan.Length, () => lease.Pin(), () => lease.ToArray(),
            () => lease.Share(), () => lease.Freeze(), () => lease.Resize(1),
        ];
        Assert.All(members, static member => Assert.Throws<ObjectDisposedException>(member));
        Assert.Throws<ObjectDisposedException>(() => lease.CopyTo(new byte[100]));
    }
}
