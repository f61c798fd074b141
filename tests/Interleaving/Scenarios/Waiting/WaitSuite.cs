using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios.Waiting;

/// <summary>Sets of scenarios of waiting; a variant runs them on its own copy of the library.</summary>
internal static class WaitSuite
{
    /// <summary>One who releases, in every form, against one who begins to wait.</summary>
    public static IEnumerable<Scenario> WakeUps() => Make("Xe|x Xe|r Re|x We|i Ie|w XPe|x XPe|p Xe|p RPe|p Xd|r Xde|x Wd|i");

    /// <summary>Two who release, one who waits; one who releases, two who wait.</summary>
    public static IEnumerable<Scenario> Three() => Make("Re|Re|x Xe|r|x Xe|x|x Re|x|r");

    /// <summary>A cancellation by the one who waits, and by another (a timer), against the one who grants.</summary>
    public static IEnumerable<Scenario> Cancellations() => Make("Xe|xc Re|xc Xk|xe Re|xc|r Xe|k|x Rk|x|r");

    /// <summary>Two who hold Read and want Exclusive, beside one who waits.</summary>
    public static IEnumerable<Scenario> Upgraders() => Make("Rue|Rue|x Rue|Rue|r Rue|x");

    /// <summary>One who takes now or not at all, beside the others.</summary>
    public static IEnumerable<Scenario> Passers() => Make("Re|x|t Xe|r|t Xe|x|t");

    /// <summary>One who spins, whom a release leaves the room to.</summary>
    public static IEnumerable<Scenario> Spinners() => Make("Xe|x|s Xe|r|s Xe|x|se");

    /// <summary>The same with parts, of which each step is many.</summary>
    public static IEnumerable<Scenario> ThreeOnParts() => Make("RPe|Re|p XPe|p|s Xe|p|s");

    /// <summary>What ends all waiting, against one who begins to.</summary>
    public static IEnumerable<Scenario> Ends() => Make("Xq|x Xeq|r Rf|x Rf|r Xe|q|r Re|f|x");

    /// <summary>One who releases, two who can be served beside each other.</summary>
    public static IEnumerable<Scenario> Readers() => Make("Xe|r|r");

    /// <summary>Two who take two domains each, and name them in opposite orders; and a third who takes one of them.</summary>
    public static IEnumerable<Scenario> AcquireAll() =>
        "ab|ba Ab|bA AB|ba ab|ba|a ab|ba|b Ab|bA|a".Split(' ').Select(static programs => new AcquireAllScenario(programs));

    /// <summary>One who tries to take several holds of a domain, beside one who is refused for what is held, or is not.</summary>
    public static IEnumerable<Scenario> Several() => "h|if h|Liu h|iec h|ies w|Wx w|Wec z|iec z|ies m|ix m|iec".Split(' ').SelectMany(
        static IEnumerable<Scenario> (program) => [new SeveralScenario(program, isEntered: true), new SeveralScenario(program, isEntered: false)]);

    /// <summary>The shortest of each: for what is broken on purpose.</summary>
    public static IEnumerable<Scenario> Shortest() => Make("Xe|x Re|xc Re|xc|r Xe|r|x");

    private static IEnumerable<Scenario> Make(string programs) => programs.Split(' ').Select(static program => new WaitScenario(program));
}
