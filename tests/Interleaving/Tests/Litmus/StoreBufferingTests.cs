using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Tests.Litmus;

/// <summary>Dekker's core: each side stores its flag and looks at the other's. Both seeing nothing is what x64 allows without a fence.</summary>
public sealed class StoreBufferingTests
{
    [Fact]
    public void Volatile_writes_alone_let_both_sides_miss_each_other()
    {
        ExplorationResult result = Explorer.Explore(Both(static () => { }, static () => { }));

        Assert.NotNull(result.Failure);
        Assert.Contains("both read 0", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Full_fences_on_both_sides_forbid_it() =>
        Explorer.Explore(Both(Interlocked.MemoryBarrier, Interlocked.MemoryBarrier)).Verify();

    [Fact]
    public void A_full_fence_on_one_side_only_does_not() =>
        Assert.NotNull(Explorer.Explore(Both(Interlocked.MemoryBarrier, static () => { })).Failure);

    [Fact]
    public void A_process_wide_fence_on_one_side_forbids_it() =>
        Explorer.Explore(Both(Interlocked.MemoryBarrierProcessWide, static () => { })).Verify();

    [Fact]
    public void All_four_outcomes_are_reached()
    {
        var outcomes = new HashSet<(int, int)>();
        Explorer.Explore(Memory.Program("SB outcomes", Programs(static () => { }, static () => { }), m => outcomes.Add((m.R0, m.R1)))).Verify();

        Assert.Equal([(0, 0), (0, 1), (1, 0), (1, 1)], outcomes.Order());
    }

    private static LambdaScenario<Memory> Both(Action first, Action second) => Memory.Program(
        "SB",
        Programs(first, second),
        static m =>
        {
            if (m is { R0: 0, R1: 0 })
            {
                throw new InvariantException("both read 0");
            }
        });

    private static Action<Memory>[] Programs(Action first, Action second) =>
    [
        m =>
        {
            Volatile.Write(ref m.X, 1);
            first();
            m.R0 = Volatile.Read(ref m.Y);
        },
        m =>
        {
            Volatile.Write(ref m.Y, 1);
            second();
            m.R1 = Volatile.Read(ref m.X);
        },
    ];
}
