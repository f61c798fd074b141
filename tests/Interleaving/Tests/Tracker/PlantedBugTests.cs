using FastBuffers.Interleaving.Engine;
using FastBuffers.Interleaving.Scenarios;
using FastBuffers.Interleaving.Variants;

namespace FastBuffers.Interleaving.Tests.Tracker;

/// <summary>The explorer catches what is broken on purpose in the real source: a control that cannot fail proves nothing.</summary>
public sealed class PlantedBugTests
{
    [Fact]
    public void A_check_then_set_that_is_not_atomic_is_caught()
    {
        ExplorationResult caught = Catch(
            nameof(TrackerSuite.BasicPairs),
            [new Edit(
                "Tracker.Take.cs",
                """
                                next = Settled(next, ranges) | (embed ? HoldWord.Embedded(index) : 0);
                                if (Interlocked.CompareExchange(ref _word, next, word) != word)
                """,
                """
                                next = Settled(next, ranges) | (embed ? HoldWord.Embedded(index) : 0);
                                if (Interlocked.Exchange(ref _word, next) < 0)
                """)],
            preemptions: null);

        Assert.Contains("Exchange word", caught.Failure!.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generation_that_a_release_does_not_raise_is_caught()
    {
        ExplorationResult caught = Catch(
            nameof(TrackerSuite.DoubleReleases),
            [new Edit(
                "Tracker.Take.cs",
                "next = HoldWord.NextVersion((word & ~HoldWord.EmbeddedMask) - HoldWord.One(word, HoldWord.EmbeddedIndex(token)));",
                "next = (word & ~HoldWord.EmbeddedMask) - HoldWord.One(word, HoldWord.EmbeddedIndex(token));")],
            preemptions: 2);

        Assert.Contains("The word has lost a hold", caught.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_exclusive_hold_that_leaves_by_a_plain_store_is_caught()
    {
        ExplorationResult caught = Catch(
            nameof(TrackerSuite.Pairs),
            [new Edit("Tracker.Take.cs", "Interlocked.Exchange(ref _word, HoldWord.NextVersion(", "Volatile.Write(ref _word, HoldWord.NextVersion(")],
            preemptions: 2);

        Assert.Contains("closed 0 times", caught.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_take_that_does_not_look_for_a_retire_is_caught()
    {
        ExplorationResult caught = Catch(
            nameof(TrackerSuite.TakesAfterRetire),
            [
                new Edit("Tracker.cs", "Volatile.Read(ref _others) == 0 && Interlocked.CompareExchange(ref _word, next, word) == word;", "Interlocked.CompareExchange(ref _word, next, word) == word;"),
                new Edit("Tracker.cs", "(word & HoldWord.Retired) != 0 || (Volatile.Read(ref _others) & Retiring) != 0;", "(word & HoldWord.Retired) != 0;"),
            ],
            preemptions: 2,
            false);

        Assert.Contains("No order of the calls explains", caught.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Then a take that looked for a retire before somebody's Exclusive came and went wins, though the retire has returned.</summary>
    [Fact]
    public void An_exclusive_hold_that_leaves_with_its_old_version_is_caught()
    {
        ExplorationResult caught = Catch(
            nameof(TrackerSuite.ExclusiveComesAndGoes),
            [
                new Edit("Tracker.Take.cs", "HoldWord.NextVersion(word & ~(HoldWord.Exclusive | flag))", "word & ~(HoldWord.Exclusive | flag)"),
                new Edit("Tracker.cs", "HoldWord.NextVersion(token & ~HoldWord.Exclusive)", "token & ~HoldWord.Exclusive"),
            ],
            preemptions: 3); // The take, the Exclusive hold beside the retire, and its release before it closes.

        Assert.Contains("No order of the calls explains", caught.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_edit_that_finds_no_place_says_so()
    {
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(
            () => new Variant("Stale", new Edit("HoldWord.cs", "no such text", "")));

        Assert.Contains("occurs 0 times, not once", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_edit_that_finds_two_places_says_so() =>
        Assert.Contains(
            "occurs 2 times",
            Assert.Throws<InvalidOperationException>(() => Variant.Apply("A.cs", "a b a", [new Edit("A.cs", "a", "c")])).Message,
            StringComparison.Ordinal);

    private static ExplorationResult Catch(string suite, Edit[] edits, int? preemptions, params object?[] arguments)
    {
        var variant = new Variant("Planted", edits);
        return Exploring.Catch(variant.Call<IEnumerable<Scenario>>(typeof(TrackerSuite), suite, arguments), new ExplorerOptions { MaxPreemptions = preemptions });
    }
}
