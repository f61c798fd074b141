using System.Globalization;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Pooling;

/// <summary>
/// Two threads return the same rental at once. FASTBUFFERS_RACES is the number of races in all, 300,000 by default.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed class DoubleReturnRaceTests
{
    private const int Tests = 6;

    // So many at a time: handing over takes longer than returning.
    private const int Batch = 128;

    public enum Form
    {
        Plain,
        Downgraded,
        Exposed,
        Large,
    }

    private static int Races =>
        Math.Max(1, int.Parse(Environment.GetEnvironmentVariable("FASTBUFFERS_RACES") ?? "300000", CultureInfo.InvariantCulture) / Tests);

    [Theory]
    [InlineData(Form.Plain)]
    [InlineData(Form.Downgraded)]
    [InlineData(Form.Exposed)]
    [InlineData(Form.Large)]
    public void The_renter_against_another_thread(Form form)
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool();
        int batches = Math.Max(1, (form == Form.Large ? Math.Min(Races, 5_000) : Races) / Batch);
        var leases = new Lease[Batch];
        Race.Rounds(
            batches,
            before: _ => Rent(pool, form, leases),
            first: _ => Array.ForEach(leases, static lease => lease.Dispose()),
            second: _ => Array.ForEach(leases, static lease => lease.Dispose()),
            after: batch => AssertReturned(pool, leases, batch));

        AssertEveryBlockIsThereOnce(pool, batches * Batch);
        Assert.Equal(batches * Batch, watch.DoubleReleases);
    }

    [Fact]
    public void Two_threads_of_which_none_has_rented()
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool();
        var leases = new Lease[4, Batch];
        int batches = Math.Max(1, Races / Batch);
        int rented = -1;
        int[] done = [-1, -1];
        Race.Run(
            () =>
            {
                for (int batch = 0; batch < batches; batch++)
                {
                    for (int i = 0; i < Batch; i++)
                    {
                        leases[batch & 3, i] = pool.Rent(64 + (i % 5 * 1000));
                    }

                    Volatile.Write(ref rented, batch);
                    SpinUntil(() => Volatile.Read(ref done[0]) >= batch - 2 && Volatile.Read(ref done[1]) >= batch - 2);
                }
            },
            () => Return(0),
            () => Return(1));

        AssertEveryBlockIsThereOnce(pool, batches * Batch);
        Assert.Equal(batches * Batch, watch.DoubleReleases);

        void Return(int thread)
        {
            for (int batch = 0; batch < batches; batch++)
            {
                SpinUntil(() => Volatile.Read(ref rented) >= batch);
                for (int i = 0; i < Batch; i++)
                {
                    leases[batch & 3, i].Dispose();
                }

                Volatile.Write(ref done[thread], batch);
            }
        }
    }

    [Fact]
    public void While_the_block_goes_round_between_two_who_rent_and_both_return_all_they_ever_saw()
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool(new() { MaxBytes = 4 * 128 });
        var seen = new Lease[8];
        Lock[] locks = [.. seen.Select(static _ => new Lock())];
        int races = Races;
        Action go = () =>
        {
            var random = new Random(Environment.CurrentManagedThreadId);
            for (int round = 0; round < races; round++)
            {
                int place = random.Next(seen.Length);
                bool rented = pool.TryRent(100 + (place % 2), out Lease mine);
                Lease before;
                lock (locks[place])
                {
                    before = seen[place];
                    seen[place] = rented ? mine : before;
                }

                before.Dispose();
                if ((round & 3) == 0)
                {
                    mine.Dispose();
                }
            }
        };
        Race.Run(go, go);
        Array.ForEach(seen, static lease => lease.Dispose());

        Assert.InRange(pool.Budget.Peak, 1, 4 * 128);
        Assert.Equal(0, pool.Statistics.RentedBytes);
        Assert.Equal(watch.DoubleReleases, pool.Statistics.DoubleReturns);
        Assert.NotEqual(0, watch.DoubleReleases);
        AssertNoTwoAreTheSame(pool, 100);
    }

    private static void AssertReturned(RegionPool pool, Lease[] leases, int batch)
    {
        Assert.All(leases, static lease => Assert.True(lease.IsReleased));
        Assert.Equal(0, pool.Statistics.RentedBytes);
        Assert.Equal((batch + 1) * Batch, pool.Statistics.DoubleReturns);
    }

    // No two of what is rented may be the same: the renter stamps each, and then looks at all of them.
    private static void Rent(RegionPool pool, Form form, Lease[] leases)
    {
        for (int i = 0; i < leases.Length; i++)
        {
            leases[i] = pool.Rent(form == Form.Large ? (4 << 20) + 1 : 100);
            leases[i].Span[0] = (byte)i;
        }

        for (int i = 0; i < leases.Length; i++)
        {
            Assert.Equal((byte)i, leases[i].Span[0]);
            if (form == Form.Downgraded)
            {
                leases[i] = leases[i].Downgrade(HoldKind.Read);
            }
            else if (form == Form.Exposed)
            {
                _ = leases[i].Region;
            }
        }
    }

    private static void AssertEveryBlockIsThereOnce(RegionPool pool, int races)
    {
        Assert.Equal(races, pool.Statistics.DoubleReturns);
        Assert.Equal((races, races), (pool.Statistics.Rents, pool.Statistics.Returns));
        Assert.Equal(0, pool.Statistics.RentedBytes);
        AssertNoTwoAreTheSame(pool, 100);
        AssertNoTwoAreTheSame(pool, 64);
        AssertNoTwoAreTheSame(pool, 4064);
    }

    // Takes all there are, out of the caches of the threads that have ended too, and some more.
    private static void AssertNoTwoAreTheSame(RegionPool pool, int length)
    {
        pool.Trim();
        Assert.Equal(0, pool.Statistics.ReservedBytes);
        List<Lease> leases = [];
        while (leases.Count < 200 && pool.TryRent(length, out Lease lease))
        {
            leases.Add(lease);
        }

        Assert.Equal(leases.Count, leases.Select(Rentals.AddressOf).Distinct().Count());
        leases.ForEach(static lease => lease.Dispose());
        Assert.Equal(0, pool.Statistics.RentedBytes);
    }

    private static void SpinUntil(Func<bool> condition)
    {
        var spin = default(SpinWait);
        while (!condition())
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }
}
