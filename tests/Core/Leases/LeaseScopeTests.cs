using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Leases;

public sealed class LeaseScopeTests
{
    public static TheoryData<HoldKind, int> KindsAndLengths => [.. Kinds.All.SelectMany(static kind => new[] { (kind, 0), (kind, 8) })];

    [Theory]
    [MemberData(nameof(KindsAndLengths))]
    public void A_Dispose_elsewhere_takes_effect_when_the_scope_ends(HoldKind kind, int length)
    {
        var memory = new ForeignMemory(length);
        Region region = memory.AsRegion();
        Lease lease = region.Take(kind);
        using (LeaseScope scope = lease.Open())
        {
            Race.Run(lease.Dispose, region.Dispose);

            Assert.True(lease.IsReleased);
            Assert.Equal(length, scope.ReadOnlySpan.Length);
            Assert.Equal(1, region.Snapshot().Total);
            Assert.Equal(0, memory.Freed);
        }

        Assert.Equal(0, region.Snapshot().Total);
        Assert.Equal(1, memory.Freed);
    }

    [Theory]
    [MemberData(nameof(KindsAndLengths))]
    public void A_scope_that_ends_leaves_the_lease_alone(HoldKind kind, int length)
    {
        using Region region = Region.Allocate(length);
        using Lease lease = region.Take(kind);
        for (int i = 0; i < 3; i++)
        {
            using LeaseScope scope = lease.Open();
            using LeaseScope nested = lease.Open();
            Assert.Equal(length, nested.ReadOnlySpan.Length);
        }

        Assert.False(lease.IsReleased);
        Assert.Equal(1, region.Snapshot().Total);
    }

    [Theory]
    [MemberData(nameof(KindsAndLengths))]
    public void A_copy_of_a_scope_ends_it_once(HoldKind kind, int length)
    {
        using Region region = Region.Allocate(length);
        Lease lease = region.Take(kind);
        LeaseScope scope = lease.Open();
        LeaseScope copy = scope;
        LeaseScope other = lease.Open();
        scope.Dispose();
        copy.Dispose();

        AssertEnded(scope);
        AssertEnded(copy);
        lease.Dispose();
        Assert.Equal(length, other.ReadOnlySpan.Length);
        Assert.Equal(1, region.Snapshot().Total);
        other.Dispose();
        Assert.Equal(default, region.Snapshot());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_Exclusive_lease_with_an_open_scope_or_pin_is_not_converted_and_nothing_is_lost(bool pin)
    {
        using Region region = Region.Allocate(8);
        Lease lease = region.Take(HoldKind.Exclusive);
        IDisposable handle = default(Lease);
        using (LeaseScope scope = pin ? default : lease.Open())
        {
            handle = pin ? lease.Pin() : handle;
            HoldSnapshot before = region.Snapshot();

            Assert.Throws<BufferConflictException>(() => lease.Downgrade(HoldKind.Read));
            Assert.Throws<BufferConflictException>(() => lease.Freeze());
            Assert.Throws<BufferConflictException>(() => lease.Resize(16));

            Assert.Equal((before, 8, false), (region.Snapshot(), region.Length, lease.IsReleased));
            lease.Span.Fill(1);
            handle.Dispose();
        }

        lease = lease.Resize(9);
        Assert.Equal("\x1\x1\x1\x1\x1\x1\x1\x1\0"u8.ToArray(), lease.ToArray());
        lease.Downgrade(HoldKind.Immutable).Dispose();
        Assert.Equal(default, region.Snapshot());
    }

    [Fact]
    public void A_writer_writes_through_its_scope()
    {
        using Region region = Region.Allocate(4);
        foreach (HoldKind kind in new[] { HoldKind.Write, HoldKind.Exclusive })
        {
            using Lease lease = region.Take(kind);
            using LeaseScope scope = lease.Open();
            scope.Span.Fill((byte)kind);
            Assert.Equal((byte)kind, lease.ReadOnlySpan[3]);
        }
    }

    private static void AssertEnded(LeaseScope scope)
    {
        try
        {
            _ = scope.ReadOnlySpan;
            Assert.Fail("The scope has ended.");
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
