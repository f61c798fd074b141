using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Pooling;

public sealed class PoolClearingTests
{
    public enum Way
    {
        OnRent,
        OnReturn,
        Sensitive,
    }

    private static readonly Dictionary<string, Action<Lease>> s_ends = new()
    {
        ["returned"] = static lease => lease.Dispose(),
        ["returned elsewhere"] = static lease => Race.Run(lease.Dispose),
        ["exposed"] = static lease =>
        {
            _ = lease.Region;
            lease.Dispose();
        },
        ["downgraded and shared"] = static lease =>
        {
            lease = lease.Downgrade(HoldKind.Immutable);
            Lease part = lease.Share(5, 10);
            lease.Dispose();
            Assert.Equal(0xFF, part.ReadOnlySpan[0]);
            part.Dispose();
        },
        ["split"] = static lease =>
        {
            (Lease left, Lease right) = lease.Split(5);
            left.Dispose();
            right.Dispose();
        },
        ["resized in place"] = static lease => lease.Resize(lease.Length - 50).Dispose(),
        ["resized to nothing"] = static lease => lease.Resize(0).Dispose(),
    };

    public static TheoryData<Way, string, int> Cases
    {
        get
        {
            var data = new TheoryData<Way, string, int>();
            foreach (Way way in Enum.GetValues<Way>())
            {
                foreach (string end in s_ends.Keys)
                {
                    data.Add(way, end, 1000);
                    data.Add(way, end, 100_000);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_shall_be_cleared_is_clear_in_the_next_rental_and_before(Way way, string end, int length)
    {
        using RegionPool pool = Create(way);
        for (int turn = 0; turn < 2; turn++)
        {
            Lease lease = pool.Rent(length, sensitive: way == Way.Sensitive);
            nint address = Rentals.AddressOf(lease);
            lease.Span.Fill(0xFF);
            s_ends[end](lease);
            Assert.Equal(0, pool.Statistics.RentedBytes);

            // Nobody else uses this pool, and nothing has been trimmed: the bytes are still there to be looked at.
            Assert.Equal(way != Way.OnRent, Rentals.At(address, length).IndexOfAnyExcept((byte)0) < 0);
            if (way == Way.OnRent)
            {
                using Lease next = pool.Rent(length);
                Assert.Equal(-1, next.ReadOnlySpan.IndexOfAnyExcept((byte)0));
            }
        }
    }

    [Theory]
    [InlineData(Way.OnReturn)]
    [InlineData(Way.Sensitive)]
    public void A_resize_to_another_block_clears_the_old_one_at_once_and_the_new_one_at_the_end(Way way)
    {
        using RegionPool pool = Create(way);
        Lease lease = pool.Rent(1000, sensitive: way == Way.Sensitive);
        nint first = Rentals.AddressOf(lease);
        lease.Span.Fill(0xFF);

        lease = lease.Resize(5000);

        nint second = Rentals.AddressOf(lease);
        Assert.NotEqual(first, second);
        Assert.Equal(-1, Rentals.At(first, 1000).IndexOfAnyExcept((byte)0));
        Assert.Equal(-1, lease.Span[..1000].IndexOfAnyExcept((byte)0xFF));
        Assert.Equal(-1, lease.Span[1000..].IndexOfAnyExcept((byte)0));
        lease.Span.Fill(0xFF);
        lease.Dispose();
        Assert.Equal(-1, Rentals.At(second, 5000).IndexOfAnyExcept((byte)0));
        Assert.Equal(0, pool.Statistics.RentedBytes);
    }

    [Fact]
    public void A_sensitive_rental_leaves_the_next_one_of_the_block_as_it_is()
    {
        using var pool = new RegionPool();
        pool.Rent(1000, sensitive: true).Dispose();
        Lease plain = pool.Rent(1000);
        nint address = Rentals.AddressOf(plain);
        plain.Span.Fill(0xFF);
        plain.Dispose();

        Assert.Equal(-1, Rentals.At(address, 1000).IndexOfAnyExcept((byte)0xFF));
    }

    [Fact]
    public void Growth_is_zeroed_and_contents_are_kept_in_place_or_not()
    {
        using var pool = new RegionPool();
        Lease lease = pool.Rent(1000);
        lease.Span.Fill(0xFF);
        foreach (int length in (int[])[900, 1024, 0, 1000, 5_000_000, 100, 6_000_000, 4096])
        {
            int before = lease.Length;
            Lease old = lease;
            lease = lease.Resize(length);
            Assert.True(old.IsReleased);
            Assert.Equal(length, lease.Length);
            int kept = Math.Min(before, length);
            Assert.Equal(-1, lease.Span[..kept].IndexOfAnyExcept((byte)0xFF));
            Assert.Equal(-1, lease.Span[kept..].IndexOfAnyExcept((byte)0));
            lease.Span.Fill(0xFF);
        }

        lease.Dispose();
        Assert.Equal(0, pool.Statistics.RentedBytes);
        pool.Trim();
        Assert.Equal(0, pool.Memory.MappedBytes);
    }

    private static RegionPool Create(Way way) => new(new()
    {
        IdleTrim = Timeout.InfiniteTimeSpan,
        Clear = way switch
        {
            Way.OnRent => PoolClearing.OnRent,
            Way.OnReturn => PoolClearing.OnReturn,
            _ => PoolClearing.None,
        },
    });
}
