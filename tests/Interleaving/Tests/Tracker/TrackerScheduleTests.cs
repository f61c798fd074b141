using FastBuffers.Interleaving.Engine;
using FastBuffers.Interleaving.Scenarios;

namespace FastBuffers.Interleaving.Tests.Tracker;

/// <summary>Every pair and triple of operations on one domain, in every schedule.</summary>
public sealed class TrackerScheduleTests
{
    private static readonly ExplorerOptions s_halting = Exploring.Everything with { HaltThreads = true };
    private static readonly ExplorerOptions s_twoPreemptions = Exploring.Everything with { MaxPreemptions = 2 };

    [Fact]
    public void Every_pair_of_operations() => Exploring.All(TrackerSuite.Pairs());

    [Fact]
    public void Every_pair_with_one_thread_halted_for_ever_at_any_step() => Exploring.All(TrackerSuite.Pairs(), s_halting);

    [Fact]
    public void Every_triple_of_operations() => Exploring.All(TrackerSuite.Triples());

    [Fact]
    public void Every_triple_with_one_thread_halted_for_ever_at_any_step() => Exploring.All(TrackerSuite.Triples(), s_halting);

    /// <summary>The longest test: the paths of three threads around a retire are long, and this takes minutes.</summary>
    [Fact]
    public void Every_triple_with_retire() => Exploring.All(TrackerSuite.RetiringTriples());

    [Fact]
    public void A_hold_that_two_threads_release_at_once_ends_once() => Exploring.All(TrackerSuite.DoubleReleases());

    [Fact]
    public void Every_pair_with_a_scoped_hold() => Exploring.All(TrackerSuite.ScopedPairs());

    [Fact]
    public void A_scoped_hold_that_is_released_twice_ends_once() => Exploring.All(TrackerSuite.ScopedDoubleReleases());

    [Fact]
    public void Every_pair_with_a_resize() => Exploring.All(TrackerSuite.ResizePairs());

    [Fact]
    public void Every_pair_on_a_domain_without_bytes() => Exploring.All(TrackerSuite.EmptyPairs());

    [Fact]
    public void An_exclusive_hold_ends_after_its_last_use()
    {
        Exploring.All(TrackerSuite.UsePairs());
        Exploring.All(TrackerSuite.UseTriples(), s_twoPreemptions);
    }

    [Fact]
    public void Takes_beside_a_retire_under_an_exclusive_hold() => Exploring.All(
        TrackerSuite.TakesAfterRetire(ofAllKinds: Exploring.IsExhaustive), s_twoPreemptions);

    [Fact]
    public void A_take_beside_an_exclusive_hold_that_comes_and_goes_and_a_retire() =>
        Exploring.All(TrackerSuite.ExclusiveComesAndGoes(), Exploring.Everything with { MaxPreemptions = 3 });
}
