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
        int races = form == Form.Large ? Math.Min(Races, 5_000) : Races;
        Lease lease = default;
        Race.Rounds(
            races,
            before: round => lease = Rent(pool, form),
            first: _ => lease.Dispose(),
            second: _ => lease.Dispose(),
            after: round => AssertReturned(pool, lease, form, round));

        AssertEveryBlockIsThereOnce(pool, races);
        Assert.Equal(races, watch.DoubleReleases);
    }

    [Fact]
    public void Two_threads_of_which_none_has_rented()
    {
        using var watch = new DiagnosticsWatch();
        using var pool = new RegionPool();
        var leases = new Lease[4];
        int races = Races;
        int rented = -1;
        int[] done = [-1, -1];
        Race.Run(
            () =>
            {
                for (int round = 0; round < races; round++)
                {
                    leases[round & 3] = pool.Rent(64 + (round % 5 * 1000));
                    Volatile.Write(ref rented, round);
                    SpinUntil(() => Volatile.Read(ref done[0]) >= round - 2 && Volatile.Read(ref done[1]) >= round - 2);
                }
            },
            () => Return(0),
            () => Return(1));

        AssertEveryBlockIsThereOnce(pool, races);
        Assert.Equal(races, watch.DoubleReleases);

        void Return(int thread)
        {
            for (int round = 0; round < races; round++)
            {
                SpinUntil(() => Volatile.Read(ref rented) >= round);
                leases[round & 3].Dispose();
                Volatile.Write(ref done[thread], round);
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

    private static void AssertReturned(RegionPool pool, Lease lease, Form form, int round)
    {
        if ((round & 1023) == 0 && form != Form.Large)
        {
            Assert.True(lease.IsReleased);
            Assert.Equal(0, pool.Statistics.RentedBytes);
            Assert.Equal(round + 1, pool.Statistics.DoubleReturns);
        }
    }

    private static Lease Rent(RegionPool pool, Form form)
    {
        Lease lease = pool.Rent(form == Form.Large ? (4 << 20) + 1 : 100);
        if (form == Form.Downgraded)
        {
            return lease.Downgrade(HoldKind.Read);
        }

        if (form == Form.Exposed)
        {
            _ = lease.Region;
        }

        return lease;
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
