using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Pooling;

public sealed class SizeClassTests
{
    [Fact]
    public void Every_length_gets_the_smallest_class_that_it_fits_in()
    {
        int index = 0;
        for (int length = 1; length <= SizeClasses.MaxLength; length++)
        {
            if (length > SizeClasses.SizeOf(index))
            {
                index++;
            }

            if (SizeClasses.IndexOf(length) != index)
            {
                Assert.Fail($"{length} bytes: class {SizeClasses.IndexOf(length)} instead of {index}");
            }
        }

        Assert.Equal(SizeClasses.Count - 1, index);
        Assert.Equal(SizeClasses.MaxLength, SizeClasses.SizeOf(index));
    }

    [Fact]
    public void At_most_an_eighth_of_a_block_above_1_KiB_is_waste_and_below_less_than_64_bytes()
    {
        for (int index = 0; index < SizeClasses.Count; index++)
        {
            int size = SizeClasses.SizeOf(index);
            int shortest = index == 0 ? 1 : SizeClasses.SizeOf(index - 1) + 1;
            Assert.Equal((uint)index, SizeClasses.IndexOf(shortest));
            Assert.Equal((uint)index, SizeClasses.IndexOf(size));
            Assert.Equal(0, size % RegionOptions.DefaultAlignment);
            Assert.True(shortest > 1024 ? (size - shortest) * 8 <= size : size - shortest < 64, $"{shortest} in {size}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(SizeClasses.MaxLength + 1)]
    [InlineData(int.MaxValue)]
    public void What_has_no_class_gets_an_index_out_of_range(int length) =>
        Assert.InRange(SizeClasses.IndexOf(length), (uint)SizeClasses.Count, uint.MaxValue);

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(1024)]
    [InlineData(4096)]
    public void At_every_border_rentals_have_their_exact_length_and_alignment_and_do_not_overlap(int alignment)
    {
        using var pool = new RegionPool(new() { Alignment = alignment });
        List<(nint Start, nint End)> ranges = [];
        List<Lease> leases = [];
        for (int index = 0; index < SizeClasses.Count; index++)
        {
            int size = SizeClasses.SizeOf(index);
            long before = pool.Statistics.RentedBytes;
            foreach (int length in (int[])[size - 1, size, size + 1, size])
            {
                Lease lease = pool.Rent(length);
                leases.Add(lease);
                Assert.Equal((length, 0, HoldKind.Exclusive), (lease.Length, lease.Start, lease.Kind));
                Assert.Equal(length, lease.Span.Length);
                Assert.Equal(length, lease.ReadOnlyMemory.Length);
                Assert.Equal(0, Rentals.AddressOf(lease) % Math.Max(alignment, RegionOptions.DefaultAlignment));
                ranges.Add((Rentals.AddressOf(lease), Rentals.AddressOf(lease) + length));
            }

            Assert.InRange(pool.Statistics.RentedBytes - before, (4 * size) - 1, long.MaxValue);
        }

        ranges.Sort();
        Assert.All(ranges.Zip(ranges.Skip(1)), static pair => Assert.True(pair.First.End <= pair.Second.Start));
        leases.ForEach(static lease => lease.Dispose());
        Assert.Equal(0, pool.Statistics.RentedBytes);
        pool.Trim();
        Assert.Equal(0, pool.Statistics.ReservedBytes);
        Assert.Equal(0, pool.Memory.MappedBytes);
    }
}
