using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Regions;

[Collection(ProcessWide.Name)]
public sealed class OutOfMemoryTests
{
    [Fact]
    public void An_allocation_that_fails_names_the_size()
    {
        if (AddressSpace.IsLimitable)
        {
            AssertOutOfMemory(static () => Region.Allocate(2_000_000_000));
        }
    }

    [Fact]
    public void A_resize_that_fails_leaves_the_region_as_it_was()
    {
        using Region region = Filled();
        if (AddressSpace.IsLimitable)
        {
            AssertOutOfMemory(() => region.Resize(2_000_000_000));
        }

        AssertAsItWas(region);
        Assert.Equal(default, region.Snapshot());
        region.Resize(9);
    }

    [Fact]
    public void A_resize_through_a_lease_that_fails_leaves_the_lease_as_it_was()
    {
        using Region region = Filled();
        Lease lease = region.Take(HoldKind.Exclusive);
        if (AddressSpace.IsLimitable)
        {
            AssertOutOfMemory(() => lease.Resize(2_000_000_000));
        }

        Assert.Equal((false, 8), (lease.IsReleased, lease.Length));
        Assert.Equal(new HoldSnapshot { IsExclusive = true }, region.Snapshot());
        lease.Dispose();
        AssertAsItWas(region);
    }

    [Fact]
    public void A_resize_from_nothing_that_fails_leaves_the_lease_as_it_was()
    {
        using Region region = Region.Allocate(0);
        Lease lease = region.Take(HoldKind.Exclusive);
        if (AddressSpace.IsLimitable)
        {
            AssertOutOfMemory(() => lease.Resize(2_000_000_000));
        }

        Assert.Equal((false, 0), (lease.IsReleased, lease.Length));
        Assert.Equal(new HoldSnapshot { RangedHolds = 1 }, region.Snapshot());
        lease.Resize(3).Dispose();
        Assert.Equal(default, region.Snapshot());
    }

    private static void AssertOutOfMemory(Action action)
    {
        Exception? thrown;
        using (new AddressSpace())
        {
            thrown = Record.Exception(action);
        }

        Assert.Contains("2,000,000,000", Assert.IsType<OutOfMemoryException>(thrown).Message, StringComparison.Ordinal);
    }

    private static Region Filled()
    {
        Region region = Region.Allocate(8);
        using WriteHold hold = region.HoldWrite();
        hold.Span.Fill(6);
        return region;
    }

    private static void AssertAsItWas(Region region)
    {
        using ReadHold hold = region.HoldRead();
        Assert.Equal([6, 6, 6, 6, 6, 6, 6, 6], hold.Span.ToArray());
    }
}
