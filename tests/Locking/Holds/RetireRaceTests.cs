using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Holds;

[Collection(ProcessWide.Name)]
public sealed class RetireRaceTests
{
    private const int Rounds = 6_000;

    public static TheoryData<HoldKind, long> KindsAndLengths => [.. Kinds.All.SelectMany(static kind => new[] { (kind, 0L), (kind, 1L) })];

    [Theory]
    [MemberData(nameof(KindsAndLengths))]
    public void A_domain_retired_while_its_last_hold_ends_closes_exactly_once(HoldKind kind, long length)
    {
        TestDomain domain = null!;
        HoldToken hold = default;
        Race.Rounds(
            Rounds,
            _ =>
            {
                domain = new TestDomain(length);
                hold = domain.Take(kind);
            },
            _ => domain.RetireCore(out bool _),
            _ => hold.TryRelease(),
            round => Assert.True(domain.Closed == 1, $"Round {round}: closed {domain.Closed} times."));
    }

    [Theory]
    [MemberData(nameof(KindsAndLengths))]
    public void A_domain_retired_while_somebody_takes_closes_exactly_once_and_after_that_hold(HoldKind kind, long length)
    {
        TestDomain domain = null!;
        int closedWhileHeld = 0;
        Race.Rounds(
            Rounds,
            _ => domain = new TestDomain(length),
            _ => domain.RetireCore(out bool _),
            _ =>
            {
                try
                {
                    // Not false: until it is retired the domain is idle.
                    Assert.True(domain.TryTake(kind, out HoldToken hold));
                    closedWhileHeld += domain.Closed;
                    Assert.True(hold.TryRelease());
                }
                catch (ObjectDisposedException)
                {
                }
            },
            round => Assert.True(domain.Closed == 1, $"Round {round}: closed {domain.Closed} times."));
        Assert.Equal(0, closedWhileHeld);
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void Nothing_is_taken_after_Retire_has_returned(HoldKind kind)
    {
        TestDomain domain = null!;
        bool retired = false;
        Race.Rounds(
            Rounds,
            _ => (domain, retired) = (new TestDomain(1), false),
            _ =>
            {
                domain.RetireCore(out bool _);
                Volatile.Write(ref retired, true);
            },
            _ =>
            {
                try
                {
                    while (true)
                    {
                        bool late = Volatile.Read(ref retired);
                        bool taken = domain.TryTake(kind, out HoldToken hold);
                        Assert.False(late && taken);
                        hold.TryRelease();
                    }
                }
                catch (ObjectDisposedException)
                {
                }
            },
            round => Assert.True(domain.Closed == 1, $"Round {round}: closed {domain.Closed} times."));
    }
}
