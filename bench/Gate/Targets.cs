namespace FastBuffers.Bench.Gate;

/// <summary>The numbers to reach, all in one place. A new row is a line here and a contender in a file of its own.</summary>
internal static class Targets
{
    public static IReadOnlyList<Target> All { get; } = [];
}
