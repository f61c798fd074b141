using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Ranges;

/// <summary>Copies of one token in two hands, one of which shares it, while the other changes it and lets holds on parts in.</summary>
[Collection(ProcessWide.Name)]
public sealed class RangedTokenRaceTests
{
    private const int Rounds = 3_000;
    private const int Batch = 8;

    [Theory]
    [InlineData(HoldKind.Write, HoldKind.Immutable, false)]
    [InlineData(HoldKind.Write, HoldKind.Immutable, true)]
    [InlineData(HoldKind.Immutable, HoldKind.Write, false)]
    [InlineData(HoldKind.Immutable, HoldKind.Write, true)]
    public void A_whole_shared_while_it_is_weakened_conflicts_with_no_part_that_comes_then(HoldKind from, HoldKind then, bool partly)
    {
        var bench = new Workbench(domain =>
        {
            // A share of a share that ended has a ticket, also when it is alone.
            HoldToken first = domain.Take(from);
            HoldToken hold = first.Share();
            first.TryRelease();
            return hold;
        });
        bench.Race(
            hold => partly ? hold.Share(0, 10) : hold.Share(),
            (domain, hold) =>
            {
                HoldToken weaker = hold.Downgrade(HoldKind.Read);
                HoldToken part = domain.TakeRange(ConflictTable.Index(then), new RangeRequest(0, 10, 0), scoped: false, conflictThrows: false);
                weaker.TryRelease();
                return part;
            });
    }

    [Theory]
    [InlineData(HoldKind.Read, HoldKind.Exclusive)]
    [InlineData(HoldKind.Write, HoldKind.Exclusive)]
    [InlineData(HoldKind.Write, HoldKind.Immutable)]
    [InlineData(HoldKind.Immutable, HoldKind.Write)]
    public void A_part_shared_while_it_is_upgraded_never_gives_two_holds_that_conflict(HoldKind from, HoldKind to)
    {
        var bench = new Workbench(domain =>
            domain.TakeRange(ConflictTable.Index(from), new RangeRequest(0, 50, 0), scoped: false, conflictThrows: true));
        bench.Race(hold => hold.Share(0, 10), (_, hold) => hold.TryUpgrade(to, out HoldToken upgraded) ? upgraded : default);
    }

    /// <summary>Domains with one hold each, that two threads do something to.</summary>
    private sealed class Workbench(Func<TestDomain, HoldToken> take)
    {
        private readonly TestDomain[] _domains = [.. Enumerable.Range(0, Batch).Select(static _ => new TestDomain(100))];
        private readonly HoldToken[] _holds = new HoldToken[Batch];
        private readonly HoldToken[] _shares = new HoldToken[Batch];
        private readonly HoldToken[] _others = new HoldToken[Batch];

        internal void Race(Func<HoldToken, HoldToken> share, Func<TestDomain, HoldToken, HoldToken> change) => Testing.Race.Rounds(
            Rounds,
            _ => Each(i => _holds[i] = take(_domains[i])),
            _ => Each(i => _shares[i] = Made(() => share(_holds[i]))),
            _ => Each(i => _others[i] = change(_domains[i], _holds[i])),
            round => Each(i =>
            {
                bool both = !_shares[i].IsReleased && !_others[i].IsReleased && Kinds.Conflict(_shares[i].Kind, _others[i].Kind);
                Assert.False(both, $"Round {round}: {_shares[i]} and {_others[i]}, {_domains[i].Snapshot()}");
                foreach (HoldToken token in new[] { _holds[i], _shares[i], _others[i] })
                {
                    token.EndOnce();
                }

                Assert.Equal(default, _domains[i].Snapshot());
            }));

        private static void Each(Action<int> action)
        {
            for (int i = 0; i < Batch; i++)
            {
                action(i);
            }
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
        }
    }
}
