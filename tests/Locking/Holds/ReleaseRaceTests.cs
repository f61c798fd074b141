using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Holds;

[Collection(ProcessWide.Name)]
public sealed class ReleaseRaceTests
{
    // Four kinds make more than a million double releases.
    private const int Rounds = 1_000;
    private const int Batch = 256;

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void Of_two_threads_that_release_one_hold_exactly_one_does(HoldKind kind)
    {
        // Beside 0 to 4 others of its kind a hold has its identity in each of the places there are.
        TestDomain[] domains = [.. Enumerable.Range(0, Batch).Select(static _ => new TestDomain(1))];
        HoldToken[] others = [.. domains.SelectMany((domain, i) =>
            Enumerable.Range(0, kind == HoldKind.Exclusive ? 0 : i % 5).Select(_ => domain.Take(kind)))];
        HoldSnapshot[] rest = [.. domains.Select(static domain => domain.Snapshot())];
        var holds = new HoldToken[Batch];
        var first = new bool[Batch];
        var second = new bool[Batch];

        Race.Rounds(
            Rounds,
            _ => Each(i => holds[i] = domains[i].Take(kind)),
            _ => Each(i => first[i] = holds[i].TryRelease()),
            _ => Each(i => second[i] = holds[i].TryRelease()),
            round => Each(i =>
            {
                if (first[i] == second[i] || domains[i].Snapshot() != rest[i])
                {
                    Assert.Fail($"{kind}, round {round}, hold {i}: {first[i]}, {second[i]}, {domains[i].Snapshot()}");
                }
            }));

        Assert.All(others, static other => Assert.True(other.TryRelease()));
        Assert.All(domains, static domain => Assert.Equal(default, domain.Snapshot()));
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void A_stale_copy_released_while_others_take_ends_none_of_theirs(HoldKind kind)
    {
        TestDomain[] domains = [.. Enumerable.Range(0, Batch).Select(static _ => new TestDomain(1))];
        HoldToken[] stale = [.. domains.Select(domain => domain.Take(kind))];
        Assert.All(stale, static copy => Assert.True(copy.TryRelease()));
        var mine = new HoldToken[Batch];

        Race.Rounds(
            Rounds / 4,
            static _ => { },
            _ => Each(i => mine[i] = domains[i].Take(kind)),
            _ => Each(i => Assert.False(stale[i].TryRelease())),
            round => Each(i =>
            {
                if (!mine[i].TryRelease())
                {
                    Assert.Fail($"Round {round}: somebody else ended the hold.");
                }

                stale[i] = mine[i];
            }));

        Assert.All(domains, static domain => Assert.Equal(default, domain.Snapshot()));
    }

    private static void Each(Action<int> action)
    {
        for (int i = 0; i < Batch; i++)
        {
            action(i);
        }
    }
}
