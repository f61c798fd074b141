using FastBuffers.Interleaving.Engine;
using FastBuffers.Interleaving.Scenarios;
using FastBuffers.Interleaving.Tests.Tracker;
using FastBuffers.Interleaving.Variants;

namespace FastBuffers.Interleaving.Tests.Ranges;

/// <summary>What is broken on purpose in the real source of holds on parts is caught.</summary>
public sealed class PlantedRangeBugTests
{
    private const string Unexplained = "No order of the calls explains";
    private const string Overlap = "exclude";

    [Fact]
    public void A_range_that_ends_a_byte_too_late_is_caught() => Catch(
        Unexplained, nameof(RangeSuite.Places), [], new Edit("RangeChunk.cs", "found |= (entry.Start < end) &", "found |= (entry.Start <= end) &"));

    [Fact]
    public void A_range_that_ends_a_byte_too_early_is_caught() => Catch(
        Overlap, nameof(RangeSuite.Places), [], new Edit("RangeChunk.cs", "& (entry.End > start) &", "& (entry.End - 1 > start) &"));

    [Fact]
    public void A_take_that_does_not_look_again_after_the_table_has_grown_is_caught() => Catch(
        Overlap,
        nameof(RangeSuite.Growths),
        [],
        new Edit(
            "Tracker.Ranges.cs",
            """
                                : TakeStatus.Taken;
                        }
                    }
                    while (status == TakeStatus.Raced
                        || WasBiased(status, ref stamp)
                        || (status == TakeStatus.Taken && MakesRoom(ranges, request.Start, slots: 1)));
            """,
            """
                                : TakeStatus.Taken;
                        }
                    }
                    while (status == TakeStatus.Raced
                        || WasBiased(status, ref stamp)
                        || (status == TakeStatus.Taken && MakesRoom(ranges, request.Start, slots: 1) && request.Start < 0));
            """));

    [Fact]
    public void A_take_that_does_not_look_again_after_entering_the_ranged_mode_is_caught() => Catch(
        "the word does not say so",
        nameof(RangeSuite.ShortPairs),
        [TableStart.Idle],
        new Edit("Tracker.Ranges.cs", "word | HoldWord.Ranged, word);\n        return TakeStatus.Raced;", "word | HoldWord.Ranged, word);\n        return TakeStatus.Taken;"));

    [Fact]
    public void A_take_that_does_not_enter_the_ranged_mode_is_caught() => Catch(
        "the word does not say so",
        nameof(RangeSuite.ShortPairs),
        [TableStart.Idle],
        new Edit("Tracker.Ranges.cs", "word | HoldWord.Ranged, word);\n        return TakeStatus.Raced;", "word, word);\n        return TakeStatus.Taken;"));

    [Fact]
    public void A_take_of_the_whole_that_does_not_look_at_the_parts_is_caught() => Catch(
        Overlap,
        nameof(RangeSuite.ShortPairs),
        [TableStart.Entered],
        new Edit("Tracker.Take.cs", "HoldWord.Blocks(word, index) || ranges?.BlocksWhole(index) == true ?", "HoldWord.Blocks(word, index) ?"));

    [Fact]
    public void A_ranged_mode_that_is_left_while_parts_are_held_is_caught() => Catch(
        "the word does not say so",
        nameof(RangeSuite.ShortPairs),
        [TableStart.Entered],
        new Edit("Tracker.Ranges.cs", "ranges is { IsEmpty: true } ? word", "ranges is not null ? word"));

    [Fact]
    public void A_close_that_does_not_look_at_the_parts_is_caught() => Catch(
        "closed under a hold",
        nameof(RangeSuite.LongPairs),
        [TableStart.Entered],
        new Edit("Tracker.Lifetime.cs", "|| IsHeld(word, ranges) || (word & HoldWord.Closed) != 0)", "|| HoldWord.HasHolds(word) || (word & HoldWord.Closed) != 0)"));

    [Fact]
    public void An_appender_that_comes_without_a_look_at_the_parts_is_caught() => Catch(
        Overlap,
        nameof(RangeSuite.Appends),
        [],
        new Edit("Tracker.Append.cs", "status = IsHeld(word, ranges) ?", "status = HoldWord.HasHolds(word) ?"));

    [Fact]
    public void A_reader_across_the_frontier_is_caught() => Catch(
        Overlap, nameof(RangeSuite.Appends), [], new Edit("RangeTable.cs", "|| end > frontier.Position);", "|| end > frontier.Position + 2);"));

    [Fact]
    public void A_frontier_that_goes_down_is_caught() => Catch(
        "The frontier went down",
        nameof(RangeSuite.Appends),
        [],
        new Edit(
            "Frontier.cs",
            "Interlocked.CompareExchange(ref _position, position, seen) == seen;",
            "Interlocked.Exchange(ref _position, position) != position;"));

    [Fact]
    public void A_lock_that_does_not_exclude_is_caught() => Catch(
        "The table's lock was not left",
        nameof(RangeSuite.Places),
        [],
        new Edit("ShortLock.cs", "if ((sequence & 1) != 0 || Interlocked", "if (Interlocked"));

    [Fact]
    public void A_lone_range_that_is_not_put_where_ranges_are_is_caught() => Catch(
        Overlap,
        nameof(RangeSuite.ShortPairs),
        [TableStart.Entered],
        new Edit(
            "RangeTable.cs",
            "        _lock.Enter();\n        if (Volatile.Read(ref _isLone))\n",
            "        _lock.Enter();\n        if (Volatile.Read(ref _isLone) && _freeCount < 0)\n"));

    [Fact]
    public void A_slot_that_is_used_again_under_its_old_number_is_caught() => Catch(
        Unexplained,
        nameof(RangeSuite.DoubleReleases),
        [],
        new Edit("RangeSlot.cs", "~(KindMask | Live)) + GenerationOne) | Live", "~(KindMask | Live))) | Live"));

    [Fact]
    public void A_share_of_what_was_upgraded_meanwhile_is_caught() => Catch(
        Overlap,
        nameof(RangeSuite.Copies),
        [],
        new Edit(
            "Tracker.Ranges.cs",
            "? (ConflictTable.With(index) & ticket.Extent.Slot!.Kind) != 0",
            "? !ConflictTable.Covers(ticket.Extent.Slot!.Kind, ConflictTable.Kind(index))"));

    [Fact]
    public void A_share_of_what_was_downgraded_meanwhile_is_caught() => Catch(
        Overlap,
        nameof(RangeSuite.CopiesBesideTakes),
        [],
        new Edit("Tracker.Ranges.cs", "return !blocks && ticket.IsAlive(parent.Value);", "return !blocks;"));

    [Fact]
    public void A_use_that_begins_while_the_hold_is_split_is_caught() => Catch(
        Overlap,
        nameof(RangeSuite.CopiesBesideTakes),
        [],
        new Edit("Ticket.End.cs", "if ((state & Changing) != 0 && (token & KindMask) == ConflictTable.ExclusiveIndex)", "if (state == 0)"));

    private static void Catch(string says, string suite, object?[] arguments, params Edit[] edits)
    {
        var variant = new Variant("Planted", edits);
        ExplorationResult caught = Exploring.Catch(
            variant.Call<IEnumerable<Scenario>>(typeof(RangeSuite), suite, [.. arguments.Select(Own)]),
            new ExplorerOptions { OnlyPausesWait = true, MaxPreemptions = 1 });

        Assert.Contains(says, caught.ToString(), StringComparison.Ordinal);

        // A variant has types of its own.
        object? Own(object? argument) => argument is TableStart start ? variant.Value(start) : argument;
    }
}
