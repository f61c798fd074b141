using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Holds;

[Collection(ProcessWide.Name)]
public sealed class CloseRaceTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_domain_retired_while_somebody_tries_to_close_it_closes_exactly_once(long length)
    {
        const int Batch = 64;
        TestDomain[] domains = [];
        Race.Rounds(
            2_000,
            _ => domains = [.. Enumerable.Range(0, Batch).Select(_ => new TestDomain(length))],
            _ => Array.ForEach(domains, static domain => domain.RetireCore(out bool _)),
            _ => Array.ForEach(domains, static domain => Record.Exception(() => domain.TryCloseIdle())),
            round => Assert.All(domains, domain => Assert.True(domain.Closed == 1, $"Round {round}: closed {domain.Closed} times.")));
    }

    [Fact]
    public void A_last_hold_on_nothing_that_ends_while_somebody_tries_to_close_leaves_a_closed_domain()
    {
        const int Batch = 64;
        TestDomain[] domains = [];
        HoldToken[] holds = [];
        Race.Rounds(
            2_000,
            _ =>
            {
                domains = [.. Enumerable.Range(0, Batch).Select(_ => new TestDomain(0))];
                holds = [.. domains.Select(static domain => domain.Take(HoldKind.Read))];
            },
            _ =>
            {
                for (int i = 0; i < Batch; i++)
                {
                    holds[i].TryRelease();
                    domains[i].RetireCore(out bool _);
                }
            },
            _ => Array.ForEach(domains, static domain => Record.Exception(() => domain.TryCloseIdle())),
            round => Assert.All(domains, domain => Assert.True(domain.Closed == 1, $"Round {round}: closed {domain.Closed} times.")));
    }

    [Fact]
    public void A_domain_that_nobody_holds_is_not_reported_as_held_because_somebody_tried_to_take_or_close_it()
    {
        const int Batch = 64;
        TestDomain[] domains = [];
        bool[] held = new bool[Batch];
        Race.Rounds(
            2_000,
            _ => domains = [.. Enumerable.Range(0, Batch).Select(_ => new TestDomain(1))],
            _ =>
            {
                for (int i = 0; i < Batch; i++)
                {
                    domains[i].RetireCore(out held[i]);
                }
            },
            _ => Array.ForEach(domains, static domain => Record.Exception(() => domain.TryCloseIdle())),
            round => Assert.True(!held.Contains(true), $"Round {round}"));
    }
}
