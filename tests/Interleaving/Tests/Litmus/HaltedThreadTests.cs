using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Tests.Litmus;

/// <summary>Lock freedom: with one thread halted for ever at any step, the others finish.</summary>
public sealed class HaltedThreadTests
{
    private static readonly ExplorerOptions s_halting = new() { HaltThreads = true };

    [Fact]
    public void A_spin_lock_is_not_lock_free()
    {
        Explorer.Explore(Memory.Program("spin lock", [SpinLock, SpinLock], static m => Assert.Equal(2, m.Y))).Verify();

        ExplorationResult halted = Explorer.Explore(Memory.Program("spin lock", [SpinLock, SpinLock]), s_halting);

        Assert.StartsWith("Not lock-free", halted.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("is halted for ever", halted.Failure.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compare_exchange_counter_is() => Explorer.Explore(Memory.Program("counter", [Count, Count, Count]), s_halting).Verify();

    [Fact]
    public void Two_threads_that_wait_for_each_other_make_no_progress()
    {
        ExplorationResult result = Explorer.Explore(Memory.Program(
            "embrace",
            [static m => Await(ref m.X, ref m.Y), static m => Await(ref m.Y, ref m.X)]));

        Assert.StartsWith("No progress", result.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wait_that_somebody_ends_is_progress() => Explorer.Explore(Memory.Program(
        "handshake",
        [
            static m => Await(ref m.X, ref m.Y),
            static m =>
            {
                Volatile.Write(ref m.X, 1);
                while (Volatile.Read(ref m.Y) == 0)
                {
                }
            },
        ])).Verify();

    private static void Await(ref int awaited, ref int then)
    {
        while (Volatile.Read(ref awaited) == 0)
        {
        }

        Volatile.Write(ref then, 1);
    }

    private static void SpinLock(Memory m)
    {
        while (Interlocked.Exchange(ref m.X, 1) == 1)
        {
        }

        Volatile.Write(ref m.Y, Volatile.Read(ref m.Y) + 1);
        Volatile.Write(ref m.X, 0);
    }

    private static void Count(Memory m)
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref m.X);
        }
        while (Interlocked.CompareExchange(ref m.X, seen + 1, seen) != seen);
    }
}
