using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Slices;

[Collection(ProcessWide.Name)]
public sealed class SliceRaceTests
{
    /// <summary>The bytes are overwritten by the next holder as soon as the lease has ended.</summary>
    [Theory]
    [InlineData(HoldKind.Read)]
    [InlineData(HoldKind.Immutable)]
    [InlineData(HoldKind.Exclusive)]
    public void A_scope_on_a_lease_that_is_released_meanwhile_sees_the_old_bytes_or_does_not_open(HoldKind kind)
    {
        using Region region = Region.Allocate(256);
        RegionSlice slice = region.Slice(32, 128);
        Lease lease = default;
        byte[] copy = new byte[128];
        int opened = 0;
        Race.Rounds(
            20_000,
            _ => lease = slice.Take(kind),
            round =>
            {
                try
                {
                    using LeaseScope scope = lease.Open();
                    scope.ReadOnlySpan.CopyTo(copy);
                    Assert.True(copy.AsSpan().IndexOfAnyExcept((byte)round) < 0, $"Round {round}: mixed bytes.");
                    opened++;
                }
                catch (ObjectDisposedException)
                {
                }
            },
            round =>
            {
                lease.Dispose();
                Lease next;
                var spin = default(SpinWait);
                while (!slice.TryTake(HoldKind.Exclusive, out next))
                {
                    spin.SpinOnce(sleep1Threshold: -1);
                }

                next.Span.Fill((byte)(round + 1));
                next.Dispose();
            },
            _ => Assert.Equal(default, region.Snapshot()));
        Assert.InRange(opened, 1, 20_000);
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(4, 8)]
    [InlineData(4, 0)]
    public void Eight_threads_that_share_one_lease_lose_no_count(int start, int length)
    {
        const int Threads = 8;
        const int Turns = 10_000;
        using Region region = Region.Allocate(16);
        Lease lease = region.Slice(start, length).Take(HoldKind.Read);
        var shares = new Lease[Threads][];
        Race.Run([.. Enumerable.Range(0, Threads).Select(thread =>
            (Action)(() => shares[thread] = [.. Enumerable.Range(0, Turns).Select(turn => turn % 2 == 0 ? lease.Share() : lease.Share(0, length))]))]);

        Assert.Equal((Threads * Turns) + 1, region.Snapshot().Total);
        lease.Dispose();
        Race.Run([.. shares.Select(mine => (Action)(() => Array.ForEach(mine, static share => share.Dispose())))]);
        Assert.Equal(default, region.Snapshot());
    }

    [Fact]
    public void Of_two_that_split_or_join_copies_of_a_lease_one_succeeds()
    {
        using Region region = Region.Allocate(16);
        Lease lease = default;
        (Lease Left, Lease Right)[] parts = new (Lease, Lease)[2];
        Race.Rounds(
            10_000,
            _ => lease = region.Slice(2, 12).Take(HoldKind.Exclusive),
            _ => parts[0] = Split(lease, 4),
            _ => parts[1] = Split(lease, 8),
            _ =>
            {
                Assert.True(parts[0] == default ^ parts[1] == default);
                (Lease left, Lease right) = parts[0] == default ? parts[1] : parts[0];
                Assert.Equal(2, region.Snapshot().Total);
                Assert.True(Lease.TryJoin(left, right, out Lease joined));
                joined.Dispose();
                Assert.Equal(default, region.Snapshot());
            });
    }

    [Fact]
    public void A_lease_that_is_released_while_it_is_split_leaves_nothing_held()
    {
        using Region region = Region.Allocate(16);
        Lease lease = default;
        (Lease Left, Lease Right) parts = default;
        Race.Rounds(
            20_000,
            round => lease = region.Slice(0, round % 2 == 0 ? 16 : 12).Take(HoldKind.Exclusive),
            _ => parts = Split(lease, 4),
            _ => lease.Dispose(),
            round =>
            {
                parts.Left.Dispose();
                parts.Right.Dispose();
                Assert.True(region.Snapshot() == default, $"Round {round}: {region}");
            });
    }

    /// <summary>The memory is freed as soon as nothing is held: a scope that nothing keeps any more would show.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_scope_is_kept_or_does_not_open_while_its_lease_is_split_or_joined(bool joins)
    {
        ForeignMemory memory = null!;
        Region region = null!;
        Lease lease = default;
        Lease right = default;
        Race.Rounds(
            20_000,
            _ =>
            {
                memory = new ForeignMemory(16);
                region = memory.AsRegion();
                lease = region.Take(HoldKind.Exclusive);
                if (joins)
                {
                    (lease, right) = lease.Split(4);
                }
            },
            round =>
            {
                try
                {
                    using LeaseScope scope = lease.Open();
                    Thread.SpinWait(round & 63);
                    Assert.True(memory.Freed == 0 && scope.Span.Length > 0, $"Round {round}: freed under a scope.");
                }
                catch (Exception refusal) when (refusal is ObjectDisposedException or BufferException)
                {
                }
            },
            _ =>
            {
                (Lease Left, Lease Right) parts;
                if (!joins)
                {
                    while ((parts = Split(lease, 4)) == default)
                    {
                        Thread.Yield();
                    }

                    parts.Left.Dispose();
                    parts.Right.Dispose();
                }
                else
                {
                    Lease joined;
                    while (!Lease.TryJoin(lease, right, out joined))
                    {
                        Thread.Yield();
                    }

                    joined.Dispose();
                }

                region.Dispose();
            },
            round => Assert.True(memory.Freed == 1, $"Round {round}: freed {memory.Freed} times."));
    }

    // Default when the lease is gone, or being split.
    private static (Lease Left, Lease Right) Split(Lease lease, int at)
    {
        try
        {
            return lease.Split(at);
        }
        catch (Exception refusal) when (refusal is ObjectDisposedException or BufferException)
        {
            return default;
        }
    }
}
