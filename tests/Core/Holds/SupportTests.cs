using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Holds;

public sealed class SupportTests
{
    [Theory]
    [InlineData(HoldCapabilities.Unknown, HoldCapabilities.Read | HoldCapabilities.Write)]
    [InlineData(HoldCapabilities.Declared, HoldCapabilities.Read | HoldCapabilities.Write)]
    [InlineData(HoldCapabilities.Declared | HoldCapabilities.Read, HoldCapabilities.Read)]
    [InlineData(HoldCapabilities.Read | HoldCapabilities.Immutable, HoldCapabilities.Read | HoldCapabilities.Immutable)]
    [InlineData(ConflictTable.AllKinds, ConflictTable.AllKinds)]
    public void A_region_over_foreign_memory_gives_what_was_declared(HoldCapabilities declared, HoldCapabilities supported)
    {
        var memory = new ForeignMemory(8);
        Region region = memory.AsRegion(declared);
        Assert.Equal(declared, region.Capabilities);

        foreach (HoldKind kind in Kinds.All)
        {
            if ((supported & (HoldCapabilities)kind) != 0)
            {
                Assert.True(Scoped.Try(region, kind));
                region.Take(kind).Dispose();
            }
            else
            {
                Assert.IsNotType<BufferConflictException>(Assert.Throws<BufferException>(() => Scoped.Try(region, kind)));
                Assert.IsNotType<BufferConflictException>(Assert.Throws<BufferException>(() => region.TryTake(kind, out _)));
            }
        }

        region.Dispose();
        Assert.Equal(1, memory.Freed);
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void Errors_come_in_order_argument_dead_unsupported_conflict(HoldKind held)
    {
        var memory = new ForeignMemory(8);
        Region region = memory.AsRegion((HoldCapabilities)held);
        Lease holder = region.Take(held);
        HoldKind unsupported = held == HoldKind.Exclusive ? HoldKind.Read : HoldKind.Exclusive;

        Assert.IsNotType<BufferConflictException>(Assert.Throws<BufferException>(() => region.TryTake(unsupported, out _)));
        Assert.IsNotType<BufferConflictException>(Assert.Throws<BufferException>(() => Scoped.Try(region, unsupported)));
        region.Dispose();
        Assert.Throws<ObjectDisposedException>(() => region.TryTake(unsupported, out _));
        Assert.Throws<ObjectDisposedException>(() => region.TryTake(held, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.TryTake(HoldKind.None, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.Take((HoldKind)3));

        holder.Dispose();
        Assert.Equal(1, memory.Freed);
    }
}
