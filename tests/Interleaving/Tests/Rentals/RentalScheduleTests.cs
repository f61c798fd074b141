using FastBuffers.Interleaving.Engine;
using FastBuffers.Interleaving.Scenarios.Rentals;
using FastBuffers.Interleaving.Tests.Tracker;

namespace FastBuffers.Interleaving.Tests.Rentals;

/// <summary>
/// Rentals of a block, one after the other, which the thread that began one ends by plain stores until another thread does anything with it.
/// In schedules with few preemptions, unless there is time for more.
/// </summary>
public sealed class RentalScheduleTests
{
    private static readonly ExplorerOptions s_short = new() { OnlyPausesWait = true, MaxPreemptions = Exploring.IsExhaustive ? null : 3 };

    private static readonly ExplorerOptions s_long = s_short with { MaxPreemptions = Exploring.IsExhaustive ? 3 : 1 };

    [Fact]
    public void A_rental_ends_once_whoever_releases_it() => Explore(RentalSuite.Releases());

    [Fact]
    public void A_rental_that_two_others_release_ends_once() => Explore(RentalSuite.ForeignReleases());

    [Fact]
    public void A_block_that_goes_from_thread_to_thread_is_in_one_hand() => Explore(RentalSuite.Travels());

    [Fact]
    public void What_another_thread_does_to_a_rental_its_end_does_not_miss() => Explore(RentalSuite.Changes());

    [Fact]
    public void A_block_that_is_taken_away_from_its_thread_is_in_one_hand() => Explore(RentalSuite.Trims(RentalBug.None));

    [Fact]
    public void Two_may_shut_a_thread_out_at_once() => Explore(RentalSuite.TwoShutOut());

    [Fact]
    public void Two_may_take_a_number_away_at_once() => Exploring.All(RentalSuite.OwnsAgain(), s_short);

    [Fact]
    public void A_downgraded_rental_is_closed_once_and_renewed()
    {
        Explore(RentalSuite.Downgraded());
        Explore(RentalSuite.SharedByThree());
    }

    [Fact]
    public void Holds_on_no_bytes_put_the_end_of_a_rental_off() => Explore(RentalSuite.Nothing());

    private static void Explore(IEnumerable<Scenario> scenarios)
    {
        ILookup<bool, Scenario> byLength = scenarios.ToLookup(scenario => ((RentalScenario)scenario).IsLong);
        Exploring.All(byLength[false], s_short);
        Exploring.All(byLength[true], s_long);
    }
}
