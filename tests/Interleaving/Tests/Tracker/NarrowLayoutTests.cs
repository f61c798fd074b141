using FastBuffers.Interleaving.Engine;
using FastBuffers.Interleaving.Scenarios;
using FastBuffers.Interleaving.Variants;

namespace FastBuffers.Interleaving.Tests.Tracker;

/// <summary>The same scenarios on a word whose fields are so narrow that a few operations reach their ends.</summary>
public sealed class NarrowLayoutTests
{
    private static readonly Lazy<Variant> s_narrow = new(() => new Variant(
        "Narrow",
        new Edit("HoldWord.cs", "NarrowCountBits = 6;", "NarrowCountBits = 1;"),
        new Edit("HoldWord.cs", "WideCountBits = 18;", "WideCountBits = 3;"),
        new Edit("HoldWord.cs", "VersionBits = 36;", "VersionBits = 1;")));

    [Fact]
    public void Every_pair_with_a_word_that_widens_at_the_second_hold_and_the_second_version() => Explore(nameof(TrackerSuite.Pairs));

    [Fact]
    public void A_double_release_ends_nobody_elses_hold_when_the_word_widens() => Explore(nameof(TrackerSuite.DoubleReleases));

    private static void Explore(string suite) => Exploring.All(s_narrow.Value.Call<IEnumerable<Scenario>>(typeof(TrackerSuite), suite));
}
