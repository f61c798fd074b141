using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Pooling;

/// <summary>The lease is the ownership: the block is back when the last hold of its rental ends, in whatever order, and not before.</summary>
public sealed class RentalOwnershipTests
{
    private const int Length = 1000;

    private static readonly int[][] s_orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

    // Each makes a rental three holds.
    private static readonly Dictionary<string, Func<Lease, Lease[]>> s_ways = new()
    {
        ["shares of the whole"] = static lease =>
        {
            Lease read = lease.Downgrade(HoldKind.Read);
            return [read, read.Share(), read.Share()];
        },
        ["shares of parts"] = static lease =>
        {
            Lease immutable = lease.Downgrade(HoldKind.Immutable);
            return [immutable, immutable.Share(10, 20), immutable.Share(15, 500, HoldKind.Read)];
        },
        ["shares of nothing"] = static lease =>
        {
            Lease write = lease.Downgrade(HoldKind.Write);
            return [write, write.Share(10, 0), write.Share(Length, 0)];
        },
        ["shares of shares"] = static lease =>
        {
            Lease write = lease.Downgrade(HoldKind.Write);
            Lease read = write.Share(0, Length, HoldKind.Read);
            return [write, read, read.Share(5, 5)];
        },
        ["splits"] = static lease =>
        {
            (Lease left, Lease right) = lease.Split(400);
            (Lease middle, right) = right.Split(100);
            return [left, middle, right];
        },
        ["splits at the ends"] = static lease =>
        {
            (Lease left, Lease right) = lease.Split(0);
            (right, Lease end) = right.Split(Length);
            return [left, right, end];
        },
        ["a split and a join"] = static lease =>
        {
            (Lease left, Lease right) = lease.Split(400);
            (Lease middle, right) = right.Split(100);
            Assert.True(Lease.TryJoin(left, middle, out left));
            (left, middle) = left.Split(200);
            return [left, middle.Downgrade(HoldKind.Read), right];
        },
        ["frozen"] = static lease =>
        {
            Lease immutable = lease.Freeze();
            Assert.True(immutable.TryTake(HoldKind.Read, out Lease read));
            return [immutable, immutable.Share(), read];
        },
        ["holds beside, taken through the lease"] = static lease =>
        {
            Lease read = lease.Downgrade(HoldKind.Read);
            Assert.True(read.TryTake(HoldKind.Write, out Lease write));
            Assert.True(read.TryTake(HoldKind.Read, out Lease second));
            return [read, write, second];
        },
        ["holds through the region and its slices"] = static lease =>
        {
            Lease read = lease.Downgrade(HoldKind.Read);
            return [read, read.Region.Take(HoldKind.Immutable), read.Region.Slice(5, 10).Take(HoldKind.Read)];
        },
        ["a region that was disposed"] = static lease =>
        {
            Lease read = lease.Downgrade(HoldKind.Read);
            Lease share = read.Share();
            read.Region.Dispose();
            return [read, share, share.Share(1, 2)];
        },
        ["resized to nothing"] = static lease =>
        {
            Lease empty = lease.Resize(0);
            (Lease left, Lease right) = empty.Split(0);
            (right, Lease last) = right.Split(0);
            return [left, right, last];
        },
        ["resized from nothing"] = static lease =>
        {
            Lease read = lease.Resize(0).Resize(Length).Downgrade(HoldKind.Read);
            return [read, read.Share(), read.Share(1, 1)];
        },
    };

    public static TheoryData<string> Ways => [.. s_ways.Keys];

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_block_is_back_with_the_last_of_its_holds_in_every_order(string way)
    {
        using var pool = new RegionPool();
        for (int turn = 0; turn < 3; turn++)
        {
            foreach (int[] order in s_orders)
            {
                Lease lease = pool.Rent(Length);
                Lease[] holds = s_ways[way](lease);
                Assert.True(lease.IsReleased);
                long rented = pool.Statistics.RentedBytes;
                Assert.InRange(rented, Length, 1024);
                foreach (int last in order)
                {
                    Assert.Equal(rented, pool.Statistics.RentedBytes);
                    Assert.False(holds[last].IsReleased);
                    if (turn == 2)
                    {
                        Race.Run(holds[last].Dispose);
                    }
                    else
                    {
                        holds[last].Dispose();
                    }
                }

                Assert.Equal(0, pool.Statistics.RentedBytes);
                Assert.Equal(pool.Statistics.Rents, pool.Statistics.Returns);
            }
        }

        Assert.Equal(0, pool.Statistics.DoubleReturns);
        using Lease plain = pool.Rent(Length);
        Rentals.Stamp(plain, 1);
        Assert.Equal(Length, plain.Length);
        pool.Trim();
        Assert.True(Rentals.HasStamp(plain, 1));
        Assert.Equal(1024, pool.Statistics.ReservedBytes);
    }

    [Fact]
    public void Open_scopes_and_pins_keep_the_block()
    {
        using var pool = new RegionPool();
        Lease lease = pool.Rent(Length);
        using (LeaseScope scope = lease.Open())
        {
            lease.Dispose();
            Assert.Equal(1024, pool.Statistics.RentedBytes);
            scope.Span[5] = 5;
        }

        Assert.Equal(0, pool.Statistics.RentedBytes);
        lease = pool.Rent(Length);
        System.Buffers.MemoryHandle pin = lease.Pin();
        System.Buffers.MemoryHandle second = lease.Memory.Pin();
        lease.Dispose();
        pin.Dispose();
        Assert.Equal(1024, pool.Statistics.RentedBytes);
        second.Dispose();
        Assert.Equal(0, pool.Statistics.RentedBytes);
    }

    [Fact]
    public void A_cell_keeps_a_rental_until_the_last_reader_of_its_version()
    {
        using var pool = new RegionPool();
        using var cell = new LeaseCell();
        List<Lease> readers = [];
        for (int version = 0; version < 20; version++)
        {
            Lease lease = pool.Rent(Length);
            lease.Span.Fill((byte)version);
            cell.Publish(lease.Downgrade(HoldKind.Immutable));
            readers.Add(cell.Share());
            Assert.Equal(readers.Count * 1024, pool.Statistics.RentedBytes);
            Assert.All(readers.Index(), static reader => Assert.Equal((byte)reader.Index, reader.Item.ReadOnlySpan[^1]));
        }

        readers.ForEach(static reader => reader.Dispose());
        Assert.Equal(1024, pool.Statistics.RentedBytes);
        cell.Dispose();
        Assert.Equal(0, pool.Statistics.RentedBytes);
    }

    [Fact]
    public void A_frozen_rental_can_be_written_again_in_the_next_one()
    {
        using var pool = new RegionPool();
        Lease frozen = pool.Rent(Length).Freeze();
        nint address = Rentals.AddressOf(frozen);
        Assert.False(frozen.Capabilities.HasFlag(HoldCapabilities.Write));
        frozen.Dispose();

        using Lease next = pool.Rent(Length);

        Assert.Equal(address, Rentals.AddressOf(next));
        Assert.True(next.Capabilities.HasFlag(HoldCapabilities.Exclusive | HoldCapabilities.Write));
        next.Downgrade(HoldKind.Write).Dispose();
    }

    [Fact]
    public void So_many_shares_that_the_word_is_wide_leave_a_block_like_any_other()
    {
        using var pool = new RegionPool();
        Lease read = pool.Rent(Length).Downgrade(HoldKind.Read);
        Lease[] shares = [.. Enumerable.Range(0, 20_000).Select(_ => read.Share())];
        Array.ForEach(shares, static share => share.Dispose());
        Assert.True(read.TryUpgrade(HoldKind.Exclusive, out Lease exclusive));
        exclusive.Dispose();
        for (int turn = 0; turn < 3; turn++)
        {
            Lease lease = pool.Rent(Length);
            if (turn == 1)
            {
                Assert.False(lease.TryTake(HoldKind.Read, out _));
            }

            lease.Dispose();
        }

        Assert.Equal(0, pool.Statistics.RentedBytes);
    }
}
