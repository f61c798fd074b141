using FastBuffers.Interleaving.Engine;
using FastBuffers.Interleaving.Scenarios.Biasing;
using FastBuffers.Interleaving.Tests.Tracker;
using FastBuffers.Interleaving.Variants;

namespace FastBuffers.Interleaving.Tests.Biasing;

/// <summary>What is broken on purpose in the real source of biased readers is caught.</summary>
public sealed class PlantedBiasBugTests
{
    private const string Beside = "Two threads hold what excludes each other";
    private const string ForNothing = "refused for nothing";

    private static readonly ExplorerOptions s_options = new() { OnlyPausesWait = true, MaxPreemptions = 2 };

    [Fact]
    public void A_revocation_without_a_barrier_is_caught() => Catch(
        Beside,
        nameof(BiasSuite.Shortest),
        new Edit("Tracker.Bias.cs", "            Interlocked.MemoryBarrierProcessWide();\n            MoveReaders(stamp);", "            MoveReaders(stamp);"));

    [Fact]
    public void A_revocation_without_a_second_barrier_is_caught() => Catch(
        "",
        nameof(BiasSuite.Shortest),
        new Edit("Tracker.Bias.cs", "        Interlocked.MemoryBarrierProcessWide();\n        foreach (ReaderSlot slot in slots)", "        foreach (ReaderSlot slot in slots)"));

    [Fact]
    public void A_reader_who_does_not_read_the_key_again_is_caught() => Catch(
        Beside,
        nameof(BiasSuite.Shortest),
        new Edit("Tracker.Bias.cs", "return Volatile.Read(ref _bias) == key;", "return true;"));

    [Fact]
    public void An_anchor_that_goes_before_the_readers_are_counted_is_caught() => Catch(
        Beside,
        nameof(BiasSuite.AskBeside),
        new Edit(
            "Tracker.Bias.cs",
            "            MoveReaders(stamp);\n            ReleaseShared(ConflictTable.ImmutableIndex, IdentityPlace.Ticket);\n",
            "            ReleaseShared(ConflictTable.ImmutableIndex, IdentityPlace.Ticket);\n            MoveReaders(stamp);\n"));

    [Fact]
    public void An_end_that_does_not_look_whether_its_count_was_moved_is_caught() => Catch(
        "",
        nameof(BiasSuite.Shortest),
        new Edit("ReaderSlot.cs", "return Volatile.Read(ref _moved) == token;", "return false;"));

    [Fact]
    public void A_reader_who_takes_a_hold_back_that_was_counted_is_caught() => Catch(
        "",
        nameof(BiasSuite.Shortest),
        new Edit("ReaderSlot.cs", "        if (Interlocked.CompareExchange(ref _moved, Withdrawn, 0) != 0)\n        {\n            return false;\n        }\n\n        Volatile.Write(ref _state, 0);\n        Volatile.Write(ref _moved, 0);\n", "        if (Leave(token) && TryTakeMoved(token))\n        {\n            Volatile.Write(ref _moved, token);\n            Volatile.Write(ref _state, token);\n            return false;\n        }\n\n"));

    [Fact]
    public void A_refusal_for_the_anchor_alone_is_caught() => Catch(
        ForNothing,
        nameof(BiasSuite.Beginnings),
        new Edit(
            "Tracker.Bias.cs",
            "        if (status is not (TakeStatus.Conflict or TakeStatus.Full) || (stamp != Switching && Volatile.Read(ref _bias) == stamp))",
            "        if (status is not (TakeStatus.Conflict or TakeStatus.Full) || stamp != Switching)"));

    [Fact]
    public void A_bias_of_what_is_retired_is_caught() => Catch(
        "",
        nameof(BiasSuite.Beginnings),
        new Edit("Tracker.Lifetime.cs", "        EndBias();\n", ""));

    private static void Catch(string says, string suite, params Edit[] edits)
    {
        var variant = new Variant("Planted", edits);
        ExplorationResult caught = Exploring.Catch(variant.Call<IEnumerable<Scenario>>(typeof(BiasSuite), suite), s_options);
        Assert.Contains(says, caught.ToString(), StringComparison.Ordinal);
    }
}
