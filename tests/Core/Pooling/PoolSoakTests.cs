using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Pooling;

/// <summary>
/// Threads that come and go, rent, change, hand over and return, and check that nobody else wrote to what is theirs.
/// FASTBUFFERS_SOAK_SECONDS is how long, 3 by default.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed class PoolSoakTests : IDisposable
{
    private const int Threads = 6;
    private const long MaxBytes = 24 << 20;

    // So many that they can hardly be all of the budget.
    private const int MostHanded = 30;

    private static readonly double s_seconds =
        double.Parse(Environment.GetEnvironmentVariable("FASTBUFFERS_SOAK_SECONDS") ?? "3", CultureInfo.InvariantCulture);

    private readonly RegionPool _pool = new(new() { MaxBytes = MaxBytes, IdleTrim = TimeSpan.FromMilliseconds(200) });
    private readonly ConcurrentQueue<(Lease Lease, int Owner)> _handed = [];
    private int _owners;
    private long _over;
    private long _rents;

    [Fact]
    public void Nobody_ever_has_what_is_anothers()
    {
        // What other tests have dropped is found before.
        DiagnosticsWatch.CollectUntil(static () => false);
        using var watch = new DiagnosticsWatch();
        long end = Stopwatch.GetTimestamp() + (long)(s_seconds * Stopwatch.Frequency);
        Task waiting = Task.Run(() => WaitAndReturn(end));
        Action start = () =>
        {
            for (int life = 0; Stopwatch.GetTimestamp() < end; life++)
            {
                int seed = life;
                Race.Run(() => Live(new Random(seed), end));
            }
        };
        Race.Run([.. Enumerable.Repeat(start, Threads), () => Look(end), () => TrimNowAndThen(end)]);
        while (_handed.TryDequeue(out (Lease Lease, int Owner) entry))
        {
            Return(entry.Lease, entry.Owner);
        }

        Assert.True(waiting.Wait(TimeSpan.FromSeconds(60)), _pool.Statistics.ToString());
        Assert.Equal(0, _over);
        Assert.InRange(_pool.Budget.Peak, 1, MaxBytes);
        Assert.True(_rents > 1000, $"{_rents} rentals");
        Assert.Equal((0L, 0L), (_pool.Statistics.RentedBytes, _pool.Statistics.Rents - _pool.Statistics.Returns));
        Assert.Equal((0L, 0L), (_pool.Statistics.Leaks, watch.DoubleReleases));
        _pool.Trim();
        Assert.Equal((0L, 0L, 0L), (_pool.Statistics.ReservedBytes, _pool.Statistics.CachedBytes, _pool.Memory.MappedBytes));
        _pool.Dispose();
        DiagnosticsWatch.CollectUntil(static () => false);
        Assert.Empty(watch.Leaked);
    }

    public void Dispose() => _pool.Dispose();

    private void Live(Random random, long end)
    {
        List<(Lease Lease, int Owner)> mine = [];
        int steps = random.Next(20_000);
        for (int step = 0; step < steps && ((step & 63) != 0 || Stopwatch.GetTimestamp() < end); step++)
        {
            if (mine.Count < 12 && _pool.TryRent(Length(random), out Lease lease))
            {
                mine.Add((Own(lease, out int owner), owner));
            }

            if (mine.Count == 0)
            {
                continue;
            }

            int at = random.Next(mine.Count);
            (Lease taken, int by) = mine[at];
            mine.RemoveAt(at);
            switch (random.Next(8))
            {
                case 0 when _handed.Count < MostHanded:
                    _handed.Enqueue((taken, by));
                    break;
                case 1 when _handed.TryDequeue(out (Lease Lease, int Owner) entry):
                    mine.Add((taken, by));
                    Return(entry.Lease, entry.Owner);
                    break;
                case 2:
                    mine.Add(Change(random, taken, by));
                    break;
                default:
                    Return(taken, by);
                    break;
            }
        }

        mine.ForEach(entry => Return(entry.Lease, entry.Owner));
    }

    private (Lease Lease, int Owner) Change(Random random, Lease lease, int owner)
    {
        if (lease.Kind != HoldKind.Exclusive)
        {
            Lease share = lease.Share();
            lease.Dispose();
            return (share, owner);
        }

        switch (random.Next(4))
        {
            case 0:
                return (lease.Downgrade(HoldKind.Immutable), owner);
            case 1 when lease.Length > 200:
                (Lease left, Lease right) = lease.Split(lease.Length / 2);
                Rentals.Stamp(right, owner);
                Assert.True(Rentals.HasStamp(right, owner));
                Assert.True(Lease.TryJoin(left, right, out lease));
                break;
            case 2:
                try
                {
                    lease = lease.Resize(Length(random));
                }
                catch (PoolExhaustedException)
                {
                    Assert.True(Rentals.HasStamp(lease, owner));
                }

                break;
            default:
                _ = lease.Region;
                break;
        }

        return (Own(lease, out owner), owner);
    }

    private Lease Own(Lease lease, out int owner)
    {
        Interlocked.Increment(ref _rents);
        owner = Interlocked.Increment(ref _owners);
        Rentals.Stamp(lease, owner);
        return lease;
    }

    private static void Return(Lease lease, int owner)
    {
        Assert.False(lease.IsReleased);
        Assert.True(Rentals.HasStamp(lease, owner), $"Somebody wrote to {lease}.");
        lease.Dispose();
    }

    private async Task WaitAndReturn(long end)
    {
        while (Stopwatch.GetTimestamp() < end)
        {
            Lease lease = await _pool.RentAsync((int)(MaxBytes / 3));
            Own(lease, out int owner);
            await Task.Delay(1);
            Return(lease, owner);
        }
    }

    private void Look(long end)
    {
        while (Stopwatch.GetTimestamp() < end)
        {
            RegionPoolStatistics now = _pool.Statistics;
            _over += _pool.Budget.Charged > MaxBytes || now.ReservedBytes > MaxBytes || now.CachedBytes < 0 ? 1 : 0;
            Thread.Sleep(1);
        }
    }

    private void TrimNowAndThen(long end)
    {
        while (Stopwatch.GetTimestamp() < end)
        {
            _pool.Trim();
            Thread.Sleep(20);
        }
    }

    private static int Length(Random random) => random.Next(20) switch
    {
        0 => random.Next(6 << 20),
        < 4 => random.Next(200_000),
        _ => random.Next(1, 1 << random.Next(1, 16)),
    };
}
