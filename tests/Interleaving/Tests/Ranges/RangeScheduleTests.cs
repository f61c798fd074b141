using FastBuffers.Interleaving.Engine;
using FastBuffers.Interleaving.Scenarios;
using FastBuffers.Interleaving.Tests.Tracker;

namespace FastBuffers.Interleaving.Tests.Ranges;

/// <summary>
/// Holds on parts, beside each other and beside everything that is done to the whole. A pair that takes the table's lock several times has
/// more schedules than a run has time for: those are bounded to two preemptions, unless <c>FASTBUFFERS_EXHAUSTIVE</c> is set.
/// </summary>
public sealed class RangeScheduleTests
{
    private static readonly ExplorerOptions s_bounded = new() { MaxPreemptions = Exploring.IsExhaustive ? null : 2 };

    [Fact]
    public void Two_parts_exclude_each_other_if_they_share_a_byte_and_their_kinds_do() => Exploring.All(RangeSuite.Places());

    [Fact]
    public void Every_short_pair_on_a_table_that_is_in_use() => Exploring.All(RangeSuite.ShortPairs(TableStart.Entered), s_bounded);

    [Fact]
    public void Every_long_pair_on_a_table_that_is_in_use() => Exploring.All(RangeSuite.LongPairs(TableStart.Entered), s_bounded);

    [Fact]
    public void Every_short_pair_that_enters_the_ranged_mode() => Exploring.All(RangeSuite.ShortPairs(TableStart.Idle), s_bounded);

    [Fact]
    public void Every_long_pair_that_enters_the_ranged_mode() => Exploring.All(RangeSuite.LongPairs(TableStart.Idle), s_bounded);

    [Fact]
    public void A_table_without_room() => Exploring.All(RangeSuite.Growths(), s_bounded);

    [Fact]
    public void Every_triple_of_basic_operations() => Exploring.All(RangeSuite.Triples(), s_bounded);

    [Fact]
    public void One_hold_to_which_two_threads_do_something_at_once() => Exploring.All(RangeSuite.Copies(), s_bounded);

    [Fact]
    public void A_change_of_one_hold_by_two_threads_lets_nobody_in_who_conflicts() => Exploring.All(RangeSuite.CopiesBesideTakes(), s_bounded);

    [Fact]
    public void A_scoped_hold_that_is_released_twice_ends_once() => Exploring.All(RangeSuite.DoubleReleases(), s_bounded);

    [Fact]
    public void An_appender_and_its_readers() => Exploring.All(RangeSuite.Appends(), s_bounded);

    [Fact]
    public void A_slice_of_before_a_resize_is_dead() => Exploring.All(RangeSuite.Resizes(), s_bounded);
}
