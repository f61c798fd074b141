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

    private static readonly Lazy<Variant> s_smallDepot = new(() => new Variant(
        "SmallDepot",
        new Edit("TicketMagazine.cs", "Capacity = 32;", "Capacity = 1;"),
        new Edit("TicketCache.cs", "DepotSlots = 32;", "DepotSlots = 2;")));

    [Fact]
    public void Every_pair_where_the_first_release_uses_up_the_versions() =>
        Assert.NotEmpty(Explore(s_firstVersionIsLast, nameof(TrackerSuite.Pairs), TrackerScenario.EmbeddedInWide));

    [Fact]
    public void Every_pair_where_the_fourth_hold_widens_the_word() =>
        Assert.NotEmpty(Explore(s_fewVersions, nameof(TrackerSuite.Pairs), TrackerScenario.EmbeddedInWide));

    [Fact]
    public void Every_pair_with_a_scoped_hold_where_the_first_release_uses_up_the_versions() =>
        Explore(s_firstVersionIsLast, nameof(TrackerSuite.ScopedPairs));

    [Fact]
    public void A_hold_that_is_released_twice_ends_once_when_the_word_widens()
    {
        Explore(s_firstVersionIsLast, nameof(TrackerSuite.DoubleReleases));
        Explore(s_firstVersionIsLast, nameof(TrackerSuite.ScopedDoubleReleases));
    }

    [Fact]
    public void No_ticket_is_lost_or_given_out_twice_by_the_depot() => Explore(s_smallDepot, nameof(TrackerSuite.Depots));

    private static Variant Narrow(string version) => new(
        "Narrow",
        new Edit("HoldWord.cs", "NarrowCountBits = 6;", "NarrowCountBits = 2;"),
        new Edit("HoldWord.cs", "WideCountBits = 18;", "WideCountBits = 4;"),
        new Edit("HoldWord.cs", "VersionBits = 36;", version));

    // The scenarios that saw what was to be seen.
    private static List<Scenario> Explore(Lazy<Variant> variant, string suite, string? witness = null)
    {
        List<Scenario> scenarios = [.. variant.Value.Call<IEnumerable<Scenario>>(typeof(TrackerSuite), suite)];
        Exploring.All(scenarios);
        return scenarios.FindAll(scenario => witness is not null && scenario.Witnessed.Contains(witness));
    }
}
