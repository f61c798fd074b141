namespace FastBuffers.Tests.Slices;

public sealed class ScopedSliceTests
{
    [Theory]
    [InlineData(4, 8)]
    [InlineData(4, 0)]
    [InlineData(0, 16)]
    public void A_shared_hold_that_is_disposed_twice_ends_once(int start, int length)
    {
        using Region region = Region.Allocate(16);
        RegionSlice slice = region.Slice(start, length);
        ReadHold read = slice.HoldRead();
        WriteHold write = slice.HoldWrite();
        read.Dispose();
        using (ReadHold other = slice.HoldRead())
        {
            read.Dispose();
            Assert.Equal(2, region.Snapshot().Total);
            Assert.Equal((length, length), (other.Span.Length, write.Span.Length));
            AssertEnded(read);
        }

        write.Dispose();
        write.Dispose();
        using ImmutableHold immutable = slice.HoldImmutable();
        write.Dispose();
        Assert.Equal(length, immutable.Span.Length);
        Assert.Equal(1, region.Snapshot().Total);
    }

    [Theory]
    [InlineData(4, 8)]
    [InlineData(4, 0)]
    [InlineData(0, 16)]
    public void An_exclusive_hold_that_is_disposed_twice_ends_once(int start, int length)
    {
        using Region region = Region.Allocate(16);
        RegionSlice slice = region.Slice(start, length);
        ExclusiveHold first = slice.HoldExclusive();
        first.Dispose();
        using ExclusiveHold second = slice.HoldExclusive();
        first.Dispose();

        Assert.Equal((length, 1), (second.Span.Length, region.Snapshot().Total));
        AssertEnded(first);
    }

    [Fact]
    public void A_scoped_hold_reaches_its_own_part_only()
    {
        using Region region = Region.Allocate(16);
        using (ExclusiveHold hold = region.Slice(4, 3).HoldExclusive())
        {
            hold.Span.Fill(1);
            Assert.Equal(3, hold.Span.Length);
            Assert.True(region.Slice(3, 1).TryHoldWrite(out WriteHold before));
            Assert.True(region.Slice(7, 1).TryHoldImmutable(out ImmutableHold after));
            before.Dispose();
            after.Dispose();
            Assert.False(region.Slice(3, 2).TryHoldRead(out _));
            Assert.False(region.Slice(6, 2).TryHoldRead(out _));
        }

        using Lease all = region.Take(HoldKind.Read);
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], all.ToArray());
    }

    [Fact]
    public void A_refused_scoped_hold_is_default_and_changes_nothing()
    {
        using Region region = Region.Allocate(16);
        using Lease holder = region.Slice(4, 8).Take(HoldKind.Exclusive);
        RegionSlice slice = region.Slice(11, 2);

        Assert.False(slice.TryHoldRead(out ReadHold read));
        Assert.False(slice.TryHoldExclusive(out ExclusiveHold exclusive));
        AssertEnded(read);
        AssertEnded(exclusive);
        Assert.Throws<BufferConflictException>(() => slice.HoldWrite().Dispose());
        Assert.Throws<BufferConflictException>(() => slice.HoldImmutable().Dispose());
        Assert.Equal(1, region.Snapshot().Total);
    }

    private static void AssertEnded(ReadHold hold)
    {
        try
        {
            _ = hold.Span;
            Assert.Fail("The hold has ended.");
        }
        catch (ObjectDisposedException)
        {
        }
    }

    private static void AssertEnded(ExclusiveHold hold)
    {
        try
        {
            _ = hold.Span;
            Assert.Fail("The hold has ended.");
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
