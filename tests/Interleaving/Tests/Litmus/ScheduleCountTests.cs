using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Tests.Litmus;

/// <summary>Nothing is missed and nothing is run twice: the number of schedules is what combinatorics says.</summary>
public sealed class ScheduleCountTests
{
    private static readonly ExplorerOptions s_all = new() { Prune = false, Reduce = false };

    [Theory]
    [InlineData(2, 2, 6)] // 4! / (2! 2!)
    [InlineData(2, 6, 924)] // 12! / (6! 6!)
    [InlineData(3, 2, 90)] // 6! / (2! 2! 2!)
    [InlineData(3, 3, 1_680)] // 9! / (3! 3! 3!)
    public void Locked_instructions_interleave_in_every_way(int threads, int steps, long schedules)
    {
        ExplorationResult result = Explorer.Explore(Program(threads, steps, static m => Interlocked.Increment(ref m.X)), s_all).Verify();

        Assert.Equal((schedules, 0L), (result.Schedules, result.Cut));
    }

    [Fact]
    public void A_store_and_its_flush_are_two_steps_whose_first_nobody_sees()
    {
        // Per thread: start (the store enters the buffer unseen), then flush and read in either order. Six positions for three steps each,
        // and two orders of the last two on each side.
        ExplorationResult result = Explorer.Explore(
            Program(
                2,
                1,
                static m =>
                {
                    Volatile.Write(ref m.X, 1);
                    Volatile.Read(ref m.Y);
                }),
            s_all).Verify();

        Assert.Equal(20 * 2 * 2, result.Schedules);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public void Pruning_keeps_every_outcome(int threads, int steps)
    {
        Assert.Equal(Outcomes(threads, steps, prune: false), Outcomes(threads, steps, prune: true));
    }

    [Fact]
    public void Pruning_cuts_what_was_seen()
    {
        ExplorationResult all = Explorer.Explore(Program(3, 3, static m => Volatile.Read(ref m.X)), s_all).Verify();
        ExplorationResult pruned = Explorer.Explore(Program(3, 3, static m => Volatile.Read(ref m.X)), new ExplorerOptions { Reduce = false }).Verify();

        Assert.Equal(1_680, all.Schedules);
        Assert.Equal(3, pruned.Schedules); // One end, reached by the last step of each of the three.
        Assert.InRange(pruned.Cut, 1, 4 * 4 * 4 * 3);
    }

    private static List<string> Outcomes(int threads, int steps, bool prune)
    {
        var outcomes = new HashSet<string>();
        string[] seen = new string[threads];
        Action<Memory>[] programs =
        [
            .. Enumerable.Range(0, threads).Select<int, Action<Memory>>(thread => m =>
            {
                string mine = "";
                for (int i = 0; i < steps; i++)
                {
                    Volatile.Write(ref thread % 2 == 0 ? ref m.X : ref m.Y, (thread * 10) + i);
                    mine += $"{Volatile.Read(ref thread % 2 == 0 ? ref m.Y : ref m.X)};";
                }

                seen[thread] = mine;
            }),
        ];
        Explorer.Explore(Memory.Program("outcomes", programs, m => outcomes.Add($"{string.Join('|', seen)}={m.X},{m.Y}")), new ExplorerOptions { Prune = prune, Reduce = prune })
            .Verify();
        return [.. outcomes.Order(StringComparer.Ordinal)];
    }

    private static LambdaScenario<Memory> Program(int threads, int steps, Action<Memory> step) => Memory.Program(
        "count",
        [
            .. Enumerable.Repeat<Action<Memory>>(
                m =>
                {
                    for (int i = 0; i < steps; i++)
                    {
                        step(m);
                    }
                },
                threads),
        ]);
}
