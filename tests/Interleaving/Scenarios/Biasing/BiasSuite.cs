using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios.Biasing;

/// <summary>Sets of scenarios of biased readers; a variant runs them on its own copy of the library.</summary>
internal static class BiasSuite
{
    /// <summary>A reader, against one who revokes for whatever reason.</summary>
    public static IEnumerable<Scenario> Pairs() => Make("re|xe ie|xe ie|we ie|pe re|q re|f rere|xe ie|ne ie|nue re|xexe rye|xe");

    /// <summary>Copies that are released once more, during a revocation.</summary>
    public static IEnumerable<Scenario> Copies() => Make("reE|xe reEre|xe ieE|q");

    /// <summary>A bias that begins, against those who take what excludes readers, and who retire.</summary>
    public static IEnumerable<Scenario> Beginnings() => Make("b|xe b|we b|pe b|q b|f ben|xe", biased: false).Concat(Make("rbe|xe xeb|re xebre|re xeb|xe reb|xe"));

    /// <summary>Two readers, or a reader and a second one who revokes, beside the one who revokes.</summary>
    public static IEnumerable<Scenario> Three() => Make("re|ie|xe re|xe|xe ie|we|q re|xe|f re|xe|b ie|pe|xe");

    /// <summary>The shortest of each: for what is broken on purpose.</summary>
    public static IEnumerable<Scenario> Shortest() => Make("re|xe ie|we re|q re|f");

    /// <summary>One who asks for Exclusive beside his own hold: for what is broken on purpose.</summary>
    public static IEnumerable<Scenario> AskBeside() => Make("rye|xe");

    private static IEnumerable<Scenario> Make(string programs, bool biased = true) =>
        programs.Split(' ').Select(program => new BiasScenario(program, biased));
}
