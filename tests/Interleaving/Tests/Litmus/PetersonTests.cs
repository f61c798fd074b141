using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Tests.Litmus;

/// <summary>Peterson's lock for two threads (G. L. Peterson, "Myths about the mutual exclusion problem", 1981).</summary>
public sealed class PetersonTests
{
    [Fact]
    public void Without_a_fence_both_get_in() =>
        Assert.Contains("both inside", Explorer.Explore(Lock(static () => { })).ToString(), StringComparison.Ordinal);

    [Fact]
    public void With_a_fence_it_is_a_lock() => Explorer.Explore(Lock(Interlocked.MemoryBarrier)).Verify();

    private static LambdaScenario<Memory> Lock(Action fence) => Memory.Program(
        "Peterson",
        [m => Enter(m, ref m.X, ref m.Y, 1, fence), m => Enter(m, ref m.Y, ref m.X, 0, fence)],
        atEveryStep: static m =>
        {
            if (m.Inside > 1)
            {
                throw new InvariantException("both inside");
            }
        });

    private static void Enter(Memory m, ref int mine, ref int other, int turn, Action fence)
    {
        Volatile.Write(ref mine, 1);
        Volatile.Write(ref m.Turn, turn);
        fence();
        while (Volatile.Read(ref other) == 1 && Volatile.Read(ref m.Turn) == turn)
        {
        }

        // A ghost, not a shared location of the program: only the checks look at it, and it counts with the read that let the thread in.
        m.Inside++;
        Volatile.Read(ref m.Turn);
        m.Inside--;
        Volatile.Write(ref mine, 0);
    }
}
