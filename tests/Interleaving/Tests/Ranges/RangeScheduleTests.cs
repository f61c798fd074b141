using FastBuffers.Interleaving.Scenarios;
using FastBuffers.Interleaving.Tests.Tracker;

namespace FastBuffers.Interleaving.Tests.Ranges;

/// <summary>Holds on parts, beside each other and beside everything that is done to the whole, in every schedule.</summary>
public sealed class RangeScheduleTests
{
    [Fact]
    public void Two_parts_exclude_each_other_if_they_share_a_byte_and_their_kinds_do() => Exploring.All(RangeSuite.Places());

    [Fact]
    public void Every_pair_on_a_table_that_is_in_use() => Exploring.All(RangeSuite.Pairs(TableStart.Entered));

    [Fact]
    public void Every_pair_that_enters_the_ranged_mode() => Exploring.All(RangeSuite.Pairs(TableStart.Idle));
}
