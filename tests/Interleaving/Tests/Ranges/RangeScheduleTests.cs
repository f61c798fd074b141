using FastBuffers.Interleaving.Engine;
using FastBuffers.Interleaving.Scenarios;
using FastBuffers.Interleaving.Tests.Tracker;

namespace FastBuffers.Interleaving.Tests.Ranges;

/// <summary>
/// Holds on parts, beside each other and beside everything that is done to the whole. In every schedule, or where that takes minutes with
/// few preemptions, unless there is time for all.
/// </summary>
public sealed class RangeScheduleTests
{
    private static readonly ExplorerOptions s_all = new() { OnlyPausesWait = true };

    [Fact]
    public void Two_parts_exclude_each_other_if_they_share_a_byte_and_their_kinds_do() => Exploring.All(RangeSuite.Places(), s_all);

    [Fact]
    public void Every_pair_on_a_table_in_use()
    {
        Exploring.All(RangeSuite.ShortPairs(TableStart.Entered), s_all);
        Exploring.All(RangeSuite.LongPairs(TableStart.Entered), AtMost(1, 3));
    }

    [Fact]
    public void Every_pair_that_enters_the_ranged_mode_or_leaves_it()
    {
        Exploring.All(RangeSuite.Entries(isLong: false), s_all);
        Exploring.All(RangeSuite.Entries(isLong: true), AtMost(1, 3));
        Exploring.All(RangeSuite.FirstParts(), AtMost(1, 2));
        if (Exploring.IsExhaustive)
        {
            Exploring.All(RangeSuite.ShortPairs(TableStart.Idle), s_all);
            Exploring.All(RangeSuite.LongPairs(TableStart.Idle), AtMost(2, 2));
        }
    }

    [Fact]
    public void Every_triple()
    {
        Exploring.All(RangeSuite.Triples(retiring: false), AtMost(1, 3));
        if (Exploring.IsExhaustive)
        {
            Exploring.All(RangeSuite.Triples(retiring: true), AtMost(2, 2));
        }
    }

    [Fact]
    public void A_hold_that_is_changed_through_a_copy_excludes_what_it_says()
    {
        Exploring.All(RangeSuite.Copies(), AtMost(1, null));
        Exploring.All(RangeSuite.CopiesBesideTakes(), AtMost(1, 3));
    }

    [Fact]
    public void A_part_that_is_released_twice_ends_once() => Exploring.All(RangeSuite.DoubleReleases(), s_all);

    [Fact]
    public void A_table_that_has_to_grow_decides_again() => Exploring.All(RangeSuite.Growths(), AtMost(1, 3));

    [Fact]
    public void Nobody_but_the_appender_has_a_byte_from_the_frontier_on() => Exploring.All(RangeSuite.Appends(), s_all);

    [Fact]
    public void A_slice_of_before_a_resize_is_dead() => Exploring.All(RangeSuite.Resizes(), AtMost(1, null));

    private static ExplorerOptions AtMost(int preemptions, int? ifThereIsTime) =>
        s_all with { MaxPreemptions = Exploring.IsExhaustive ? ifThereIsTime : preemptions };
}
