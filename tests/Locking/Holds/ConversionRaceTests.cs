using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Holds;

[Collection(ProcessWide.Name)]
public sealed class ConversionRaceTests
{
    private const int Rounds = 8_000;

    [Theory]
    [InlineData(HoldKind.Read, HoldKind.Exclusive)]
    [InlineData(HoldKind.Read, HoldKind.Immutable)]
    [InlineData(HoldKind.Write, HoldKind.Immutable)]
    [InlineData(HoldKind.Write, HoldKind.Exclusive)]
    [InlineData(HoldKind.Immutable, HoldKind.Write)]
    [InlineData(HoldKind.Immutable, HoldKind.Exclusive)]
    public void Of_two_upgraders_at_most_one_wins_and_a_loser_keeps_its_hold(HoldKind from, HoldKind to)
    {
        var domain = new TestDomain(1);
        var holds = new HoldToken[2];
        var upgraded = new HoldToken[2];
        var won = new bool[2];
        Action<int> Upgrade(int who) => _ => won[who] = holds[who].TryUpgrade(to, out upgraded[who]);

        Race.Rounds(
            Rounds,
            _ => holds = [domain.Take(from), domain.Take(from)],
            Upgrade(0),
            Upgrade(1),
            round =>
            {
                // Where the upgraded kind is at peace with itself but not with the old one, nobody can win while the other keeps its hold.
                bool mayWin = !Kinds.Conflict(from, to);
                Assert.True(mayWin || !(won[0] || won[1]), $"Round {round}");
                for (int who = 0; who < 2; who++)
                {
                    Assert.Equal(won[who], holds[who].IsReleased);
                    Assert.True((won[who] ? upgraded[who] : holds[who]).TryRelease());
                }

                Assert.Equal(default, domain.Snapshot());
            });
    }

    [Theory]
    [InlineData(HoldKind.Read, HoldKind.Exclusive)]
    [InlineData(HoldKind.Write, HoldKind.Immutable)]
    public void An_upgrader_wins_once_the_other_lets_go_and_never_before(HoldKind from, HoldKind to)
    {
        var domain = new TestDomain(1);
        HoldToken mine = default;
        HoldToken other = default;
        bool released = false;

        Race.Rounds(
            Rounds,
            _ => (mine, other, released) = (domain.Take(from), domain.Take(from), false),
            round =>
            {
                HoldToken upgraded;
                var spin = default(SpinWait);
                while (!mine.TryUpgrade(to, out upgraded))
                {
                    spin.SpinOnce(sleep1Threshold: -1);
                }

                Assert.True(Volatile.Read(ref released), $"Round {round}: upgraded beside a live {from} hold.");
                Assert.True(upgraded.TryRelease());
            },
            _ =>
            {
                Volatile.Write(ref released, true);
                Assert.True(other.TryRelease());
            },
            _ => Assert.Equal(default, domain.Snapshot()));
    }

    // The domain is held all the time, by a hold that changes its kind; nothing that conflicts with each of these kinds may slip in.
    [Theory]
    [InlineData(new[] { HoldKind.Immutable }, new[] { HoldKind.Write, HoldKind.Exclusive })]
    [InlineData(new[] { HoldKind.Read }, new[] { HoldKind.Exclusive })]
    [InlineData(new[] { HoldKind.Write, HoldKind.Immutable, HoldKind.Read }, new[] { HoldKind.Exclusive })]
    public void A_conversion_leaves_no_gap_for_a_conflicting_hold(HoldKind[] cycle, HoldKind[] intruders)
    {
        var domain = new TestDomain(1);
        HoldToken hold = domain.Take(HoldKind.Exclusive);
        bool done = false;
        Race.Run(
            () =>
            {
                for (int i = 0; i < 60_000; i++)
                {
                    foreach (HoldKind kind in cycle.Append(HoldKind.Exclusive).Where(kind => kind != hold.Kind))
                    {
                        if (Kinds.IsDowngrade(hold.Kind, kind))
                        {
                            hold = hold.Downgrade(kind);
                        }
                        else
                        {
                            Assert.True(hold.TryUpgrade(kind, out HoldToken upgraded), $"Something slipped in at turn {i}: {domain.Snapshot()}");
                            hold = upgraded;
                        }
                    }
                }

                Volatile.Write(ref done, true);
                hold.TryRelease();
            },
            () =>
            {
                // Only what is seen before the end counts.
                while (!Volatile.Read(ref done))
                {
                    foreach (HoldKind intruder in intruders)
                    {
                        bool intruded = domain.TryTake(intruder, out HoldToken token) && token.TryRelease();
                        Assert.True(!intruded || Volatile.Read(ref done), $"{intruder} slipped in.");
                    }
                }
            });
        Assert.Equal(default, domain.Snapshot());
    }
}
