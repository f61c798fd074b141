using FastBuffers.Interleaving.Engine;
using FastBuffers.Interleaving.Scenarios;
using FastBuffers.Interleaving.Variants;

namespace FastBuffers.Interleaving.Tests.Tracker;

/// <summary>The same scenarios on a word whose fields are so narrow that a few operations reach their ends.</summary>
public sealed class NarrowLayoutTests
{
    // Two bits are the least that the word's own arithmetic on the upper quarters of a count allows. Setup uses one version up.
    private static readonly Lazy<Variant> s_firstVersionIsLast = new(() => Narrow("VersionBits = 1;"));
    private static readonly Lazy<Variant> s_fewVersions = new(() => Narrow("VersionBits = 2;"));

    [Fact]
    public void Every_pair_where_the_first_release_uses_up_the_versions() => Explore(s_firstVersionIsLast, nameof(TrackerSuite.Pairs));

    [Fact]
    public void Every_pair_where_the_fourth_hold_widens_the_word() => Explore(s_fewVersions, nameof(TrackerSuite.Pairs));

    [Fact]
    public void A_double_release_ends_nobody_elses_hold_when_the_word_widens() => Explore(s_firstVersionIsLast, nameof(TrackerSuite.DoubleReleases));

    private static Variant Narrow(string version) => new(
        "Narrow",
        new Edit("HoldWord.cs", "NarrowCountBits = 6;", "NarrowCountBits = 2;"),
        new Edit("HoldWord.cs", "WideCountBits = 18;", "WideCountBits = 4;"),
        new Edit("HoldWord.cs", "VersionBits = 36;", version));

    private static void Explore(Lazy<Variant> variant, string suite) =>
        Exploring.All(variant.Value.Call<IEnumerable<Scenario>>(typeof(TrackerSuite), suite));
}
