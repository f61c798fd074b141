using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Regions;

public sealed class DisposeTests
{
    public static TheoryData<HoldKind, int> KindsAndLengths => [.. Kinds.All.SelectMany(static kind => new[] { (kind, 0), (kind, 8) })];

    [Fact]
    public void Dispose_frees_at_once_when_nothing_is_held_and_is_idempotent()
    {
        foreach (int length in new[] { 0, 8 })
        {
            var memory = new ForeignMemory(length);
            Region region = memory.AsRegion();

            region.Dispose();
            region.Dispose();

            Assert.Equal(1, memory.Freed);
            Assert.True(region.Snapshot().IsRetired);
            Assert.Throws<ObjectDisposedException>(() => region.TryFree());
            Assert.Throws<ObjectDisposedException>(() => region.Resize(1));
            Assert.Equal(length, region.Length);
            Assert.Equal($"Region of {length} bytes: no hold is active, disposed", region.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndLengths))]
    public void Dispose_under_a_scoped_hold_frees_when_the_block_ends(HoldKind kind, int length)
    {
        var memory = new ForeignMemory(length);
        Region region = memory.AsRegion();
        Scoped.While(region, kind, () =>
        {
            region.Dispose();
            Assert.Equal(0, memory.Freed);
            Assert.Throws<ObjectDisposedException>(() => region.TryTake(kind, out _));
        });

        Assert.Equal(1, memory.Freed);
    }

    [Theory]
    [MemberData(nameof(KindsAndLengths))]
    public void Dispose_under_leases_frees_at_the_last_release_in_any_order(HoldKind kind, int length)
    {
        foreach (int last in new[] { 0, 1, 2 })
        {
            var memory = new ForeignMemory(length);
            Region region = memory.AsRegion();
            Lease[] leases = [.. Enumerable.Range(0, kind == HoldKind.Exclusive && length > 0 ? 1 : 3).Select(_ => region.Take(kind))];
            region.Dispose();
            foreach (Lease lease in leases.Where((_, i) => i != last % leases.Length))
            {
                lease.Dispose();
                lease.Dispose();
            }

            Assert.Equal(0, memory.Freed);
            leases[last % leases.Length].Dispose();
            leases[last % leases.Length].Dispose();
            region.Dispose();
            Assert.Equal(1, memory.Freed);
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndLengths))]
    public void TryFree_frees_now_or_changes_nothing(HoldKind kind, int length)
    {
        var memory = new ForeignMemory(length);
        Region region = memory.AsRegion();
        using (region.Take(kind))
        {
            HoldSnapshot before = region.Snapshot();
            Assert.False(region.TryFree());
            Assert.Equal((before, 0), (region.Snapshot(), memory.Freed));
        }

        Scoped.While(region, kind, () => Assert.False(region.TryFree()));
        Assert.True(region.TryFree());
        Assert.Equal(1, memory.Freed);
        region.Dispose();
        Assert.Equal(1, memory.Freed);
        Assert.Throws<ObjectDisposedException>(() => Scoped.Try(region, kind));
    }
}
