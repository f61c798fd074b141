using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Holds;

/// <summary>Copies of one token in two hands, which do different things to it at the same time.</summary>
[Collection(ProcessWide.Name)]
public sealed class SharedTokenRaceTests
{
    private const int Rounds = 400;
    private const int Batch = 256;

    [Theory]
    [InlineData(HoldKind.Read, HoldKind.Exclusive)]
    [InlineData(HoldKind.Write, HoldKind.Immutable)]
    [InlineData(HoldKind.Immutable, HoldKind.Write)]
    public void A_hold_shared_while_it_is_upgraded_never_gives_two_holds_that_conflict(HoldKind from, HoldKind to)
    {
        var bench = new Workbench(from, company: 0);
        var shares = new HoldToken[Batch];
        Race.Rounds(
            Rounds,
            _ => bench.Take(),
            _ => Each(i => shares[i] = Made(() => bench.Holds[i].Share())),
            _ => Each(i => bench.Results[i] = Made(() => bench.Holds[i].TryUpgrade(to, out HoldToken upgraded) ? upgraded : default)),
            round => Each(i =>
            {
                bool both = !shares[i].IsReleased && !bench.Results[i].IsReleased;
                Assert.False(both, $"Round {round}: {shares[i]} and {bench.Results[i]}, {bench.Domains[i].Snapshot()}");
                shares[i].TryRelease();
                bench.Release(i);
            }));
        bench.AssertIdle();
    }

    [Theory]
    [InlineData(HoldKind.Read, HoldKind.Write)]
    [InlineData(HoldKind.Read, HoldKind.Immutable)]
    public void A_hold_upgraded_by_two_of_its_copies_takes_no_count_of_anybody_else(HoldKind from, HoldKind to)
    {
        // Two others of its kind: its own identity is in a ticket, and a count too many that it takes is theirs.
        var bench = new Workbench(from, company: 2);
        var second = new HoldToken[Batch];
        Race.Rounds(
            Rounds,
            _ => bench.Take(),
            _ => Each(i => bench.Results[i] = Made(() => bench.Holds[i].TryUpgrade(to, out HoldToken upgraded) ? upgraded : default)),
            _ => Each(i => second[i] = Made(() => bench.Holds[i].TryUpgrade(to, out HoldToken upgraded) ? upgraded : default)),
            round => Each(i =>
            {
                HoldSnapshot snapshot = bench.Domains[i].Snapshot();
                bool won = !bench.Results[i].IsReleased ^ !second[i].IsReleased;
                Assert.True(won && snapshot.Total == 3 && snapshot.Readers == 2, $"Round {round}: {bench.Results[i]}, {second[i]}, {snapshot}");
                second[i].TryRelease();
                bench.Release(i);
            }));
        bench.AssertIdle();
    }

    [Theory]
    [MemberData(nameof(Kinds.Downgrades), MemberType = typeof(Kinds))]
    public void A_downgrade_succeeds_whatever_a_copy_is_used_for_at_that_instant(HoldKind from, HoldKind to)
    {
        if (from == HoldKind.Exclusive)
        {
            return;
        }

        var bench = new Workbench(from, company: 2);
        Race.Rounds(
            Rounds,
            _ => bench.Take(),
            _ => Each(i => bench.Results[i] = bench.Holds[i].Downgrade(to)),
            _ => Each(i => Made(() => bench.Holds[i].Share()).TryRelease()),
            _ => Each(bench.Release));
        bench.AssertIdle();
    }

    private static HoldToken Made(Func<HoldToken> make)
    {
        try
        {
            return make();
        }
        catch (ObjectDisposedException)
        {
            return default;
        }
        catch (BufferException exception) when (exception.Message.Contains("through a copy", StringComparison.Ordinal))
        {
            return default;
        }
    }

    private static void Each(Action<int> action)
    {
        for (int i = 0; i < Batch; i++)
        {
            action(i);
        }
    }

    /// <summary>Domains with some company and one hold each, of which the identity is in a ticket.</summary>
    private sealed class Workbench(HoldKind kind, int company)
    {
        private readonly HoldToken[] _company = new HoldToken[Batch * company];

        internal TestDomain[] Domains { get; } = [.. Enumerable.Range(0, Batch).Select(static _ => new TestDomain(1))];

        internal HoldToken[] Holds { get; } = new HoldToken[Batch];

        internal HoldToken[] Results { get; } = new HoldToken[Batch];

        internal void Take() => Each(i =>
        {
            for (int n = 0; n < company; n++)
            {
                _company[(i * company) + n] = Domains[i].Take(kind);
            }

            // A share of a share that ended has a ticket, also when it is alone.
            HoldToken first = Domains[i].Take(kind);
            Holds[i] = first.Share();
            first.TryRelease();
            Results[i] = default;
        });

        internal void Release(int i)
        {
            Results[i].TryRelease();
            Holds[i].TryRelease();
            for (int n = 0; n < company; n++)
            {
                Assert.True(_company[(i * company) + n].TryRelease());
            }

            Assert.Equal(default, Domains[i].Snapshot());
        }

        internal void AssertIdle() => Assert.All(Domains, static domain => Assert.Equal(default, domain.Snapshot()));
    }
}
