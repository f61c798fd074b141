using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Tracking;

[Collection(ProcessWide.Name)]
public sealed class WideningRaceTests
{
    [Theory]
    [MemberData(nameof(Kinds.EachShared), MemberType = typeof(Kinds))]
    public void A_first_holder_released_while_the_word_widens_ends_exactly_once(HoldKind kind)
    {
        TestDomain domain = null!;
        HoldToken first = default;
        var company = new HoldToken[64];
        bool ended = false;
        Race.Rounds(
            3_000,
            round =>
            {
                domain = new TestDomain(1);
                Words.SetVersion(domain, round);
                first = domain.Take(kind);
                for (int i = 2; i < company.Length; i++)
                {
                    company[i] = domain.Take(kind);
                }
            },
            _ =>
            {
                company[0] = domain.Take(kind);
                company[1] = domain.Take(kind);
            },
            _ => ended = first.TryRelease(),
            round =>
            {
                Assert.True(ended && !first.TryRelease() && domain.Snapshot().Total == 64, $"Round {round}: {ended}, {domain.Snapshot()}");
                Assert.All(company, static hold => Assert.True(hold.TryRelease()));
                Assert.Equal(default, domain.Snapshot());
            });
    }
}
