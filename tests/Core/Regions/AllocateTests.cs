namespace FastBuffers.Tests.Regions;

public sealed class AllocateTests
{
    public static TheoryData<int> Alignments => [.. Enumerable.Range(0, 13).Select(static bit => 1 << bit), RegionOptions.MaxAlignment];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(100_000)]
    public void Memory_is_zeroed_and_supports_all_kinds(int length)
    {
        Dirty(length);
        using Region region = Region.Allocate(length);

        Assert.Equal(length, region.Length);
        Assert.Equal(ConflictTable.AllKinds, region.Capabilities);
        Assert.Equal(default, region.Snapshot());
        using ReadHold hold = region.HoldRead();
        Assert.Equal(length, hold.Span.Length);
        Assert.Equal(-1, hold.Span.IndexOfAnyExcept((byte)0));
    }

    [Theory]
    [MemberData(nameof(Alignments))]
    public unsafe void The_first_byte_is_aligned_as_asked(int alignment)
    {
        foreach (int length in new[] { 0, 1, 5_000 })
        {
            using Region region = Region.Allocate(length, new RegionOptions { Alignment = alignment });
            Assert.Equal(0, (nint)region.Address % alignment);
            region.Resize(10_000);
            Assert.Equal(0, (nint)region.Address % alignment);
        }
    }

    [Fact]
    public unsafe void The_first_byte_is_aligned_to_a_cache_line_by_default()
    {
        Region[] regions = [.. Enumerable.Range(1, 50).Select(static length => Region.Allocate(length))];
        Assert.All(regions, static region => Assert.Equal(0, (nint)region.Address % 64));
        Assert.All(regions, static region => region.Dispose());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-64)]
    [InlineData(3)]
    [InlineData(8192)]
    [InlineData(1024 * 1024)]
    [InlineData(4 * 1024 * 1024)]
    [InlineData(int.MinValue)]
    public void Another_alignment_is_an_argument_error(int alignment)
    {
        var options = new RegionOptions();

        Assert.Equal(alignment, Assert.Throws<ArgumentOutOfRangeException>(() => options.Alignment = alignment).ActualValue);

        Assert.Equal(64, options.Alignment);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void A_length_that_no_region_has_is_an_argument_error(int length)
    {
        Assert.Equal(length, Assert.Throws<ArgumentOutOfRangeException>(() => Region.Allocate(length)).ActualValue);
        using Region region = Region.Allocate(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => region.Resize(length));
        using Lease lease = region.Take(HoldKind.Exclusive);
        Assert.Throws<ArgumentOutOfRangeException>(() => lease.Resize(length));
        Assert.Equal(1, lease.Length);
    }

    [Theory]
    [InlineData(1UL << 62, "4,611,686,018,427,387,904")]
    [InlineData(1UL << 50, "1,125,899,906,842,624")]
    public void Memory_that_is_not_to_be_had_is_named_by_its_size(ulong length, string size) => Assert.Contains(
        size,
        Assert.Throws<OutOfMemoryException>(() => NativeBlock.Allocate((nuint)length, 64)).Message,
        StringComparison.Ordinal);

    // Leaves dirty memory for the next allocation of about that size.
    private static void Dirty(int length)
    {
        for (int i = 0; i < 8; i++)
        {
            using Region region = Region.Allocate(length);
            using WriteHold hold = region.HoldWrite();
            hold.Span.Fill(0xFF);
        }
    }
}
