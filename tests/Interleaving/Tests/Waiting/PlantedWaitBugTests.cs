using FastBuffers.Interleaving.Engine;
using FastBuffers.Interleaving.Scenarios.Waiting;
using FastBuffers.Interleaving.Tests.Tracker;
using FastBuffers.Interleaving.Variants;

namespace FastBuffers.Interleaving.Tests.Waiting;

/// <summary>What is broken on purpose in the real source of waiting is caught.</summary>
public sealed class PlantedWaitBugTests
{
    // Gives back what it has when one is refused.
    private const string OneByOne = """
        TakeStatus status = TakeStatus.Taken;
        int refused;
        for (refused = 0; refused < parts.Length; refused++)
        {
            status = Domain!.TakeNow(parts[refused].Index, parts[refused].Request, scoped: false, out tokens[refused], out _);
            if (status != TakeStatus.Taken)
            {
                Array.ForEach(tokens, static token => token.EndOnce());
                break;
            }
        }
        """;

    private static readonly ExplorerOptions s_options = new() { OnlyPausesWait = true, MaxPreemptions = 1 };

    [Fact]
    public void A_wake_up_before_the_word_is_released_is_caught() => Catch(
        "A wake-up was lost",
        nameof(WaitSuite.WakeUps),
        new Edit(
            "HoldDomain.cs",
            "            Tracker.ReleaseExclusive(place);\n        }",
            "            AfterRelease();\n            Tracker.ReleaseExclusive(place);\n            return;\n        }"));

    [Fact]
    public void A_waiter_who_does_not_try_again_is_caught() => Catch(
        "A wake-up was lost",
        nameof(WaitSuite.Shortest),
        new Edit("WaitTable.cs", "bool waits = !queue.TryEnd(waiter);", "bool waits = true;"));

    [Fact]
    public void A_waiter_who_tries_again_before_the_domain_says_so_is_caught() => Catch(
        "A wake-up was lost",
        nameof(WaitSuite.Shortest),
        new Edit(
            "WaitTable.cs",
            "        domain.Tracker.BeginWaiting();\n        bool waits = !queue.TryEnd(waiter);",
            "        bool waits = !queue.TryEnd(waiter);\n        domain.Tracker.BeginWaiting();"));

    [Fact]
    public void A_waiter_who_says_so_without_a_fence_is_caught() => Catch(
        "",
        nameof(WaitSuite.Shortest),
        new Edit(
            "Tracker.Waiting.cs",
            "Interlocked.Or(ref _others, Waiting);",
            "Volatile.Write(ref _others, Volatile.Read(ref _others) | Waiting);"));

    [Fact]
    public void A_cancelled_waiter_that_is_left_in_the_queue_is_caught() => Catch(
        "A wait was over twice",
        nameof(WaitSuite.Shortest),
        new Edit("WaitTable.cs", "            queue.Remove(waiter);\n", "            waiter.IsQueued = false;\n"));

    [Fact]
    public void A_cancelled_waiter_that_strands_those_behind_it_is_caught() => Catch(
        "A wake-up was lost",
        nameof(WaitSuite.Cancellations),
        new Edit("WaitTable.cs", "more = queue.Serve(ref start, ref end, ref done);", "more = queue.Count < 0;"));

    [Fact]
    public void A_cancellation_that_does_not_look_whether_the_wait_is_over_is_caught() => Catch(
        "",
        nameof(WaitSuite.Shortest),
        new Edit("WaitTable.cs", "bool removed = waiter.IsQueued;", "bool removed = true;"),
        new Edit("WaitTable.cs", "        if (removed)\n", "        if (removed && waiter.IsQueued)\n"));

    [Fact]
    public void Serving_only_the_first_is_caught() => Catch(
        "A wake-up was lost",
        nameof(WaitSuite.Readers),
        new Edit(
            "WaitQueue.cs",
            "if (--left == 0)\n                    {\n                        return true;",
            "if (--left >= 0)\n                    {\n                        return false;"));

    [Fact]
    public void One_who_spins_and_forgets_whom_a_release_left_to_it_is_caught() => Catch(
        "A wake-up was lost",
        nameof(WaitSuite.Spinners),
        new Edit("WaitQueue.cs", "return start < end && !covers && Serve", "return start < 0 && Serve"));

    [Fact]
    public void Retiring_that_forgets_those_who_wait_is_caught() => Catch(
        "",
        nameof(WaitSuite.Ends),
        new Edit("HoldDomain.Lifetime.cs", "        bool closed = TryCloseRetired();\n        DismissWaiters();", "        bool closed = TryCloseRetired();"));

    [Fact]
    public void Several_that_are_taken_in_the_order_of_their_naming_are_caught() => Catch(
        "No progress: thread 0 and 1 spins",
        nameof(WaitSuite.AcquireAll),
        new Edit("DomainOrder.cs", "NumberOf(left).CompareTo(NumberOf(right))", "0"));

    [Fact]
    public void Several_that_are_taken_one_by_one_are_caught() => CatchSeveral(
        new Edit("HoldWaiter.cs", "TakeStatus status = Domain!.TakeSeveral(parts, tokens, out int refused);", OneByOne));

    [Fact]
    public void Several_that_are_taken_one_by_one_after_a_look_at_all_of_them_are_caught() => CatchSeveral(
        new Edit(
            "HoldWaiter.cs",
            "TakeStatus status = Domain!.TakeSeveral(parts, tokens, out int refused);",
            $$"""
            foreach (HoldRequestPart part in parts)
            {
                if (HoldWord.Blocks(Domain!.Tracker.Word, part.Index) || Domain.CopyParts([], ConflictTable.With(part.Index), part.Request.Start, part.Request.End) != 0)
                {
                    return false;
                }
            }

            {{OneByOne}}
            """));

    [Fact]
    public void Several_of_which_some_have_no_bytes_and_are_counted_first_are_caught() => CatchSeveral(
        new Edit(
            "Tracker.Several.cs",
            "            if (status != TakeStatus.Taken)\n            {\n                return status;",
            "            if (status != TakeStatus.Taken)\n            {\n                ranges.Exit();\n                Interlocked.Add(ref _others, empties * EmptyOne);\n                Interlocked.Add(ref _others, -empties * EmptyOne);\n                ranges.Enter();\n                return status;"));

    private static void CatchSeveral(params Edit[] edits) =>
        Catch("A call was refused because of a part of what was not granted.", nameof(WaitSuite.Several), edits);

    private static void Catch(string says, string suite, params Edit[] edits)
    {
        var variant = new Variant("Planted", edits);
        ExplorationResult caught = Exploring.Catch(variant.Call<IEnumerable<Scenario>>(typeof(WaitSuite), suite), s_options);
        Assert.Contains(says, caught.ToString(), StringComparison.Ordinal);
    }
}
