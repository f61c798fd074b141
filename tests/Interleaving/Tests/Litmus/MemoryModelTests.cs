using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Tests.Litmus;

/// <summary>What x64 promises besides: stores in order, seen by all others at one instant.</summary>
public sealed class MemoryModelTests
{
    [Fact]
    public void Message_passing_never_fails()
    {
        Explorer.Explore(Memory.Program(
            "MP",
            [
                static m =>
                {
                    Racy.Write(ref m.X, 1);
                    Volatile.Write(ref m.Y, 1);
                },
                static m =>
                {
                    m.R0 = Volatile.Read(ref m.Y);
                    m.R1 = Racy.Read(ref m.X);
                },
            ],
            static m => Require(m is not { R0: 1, R1: 0 }, "the flag came before the data"))).Verify();
    }

    [Fact]
    public void A_thread_sees_its_own_buffered_store() => Explorer.Explore(Memory.Program(
        "forwarding",
        [
            static m =>
            {
                Volatile.Write(ref m.X, 1);
                Volatile.Write(ref m.X, 2);
                m.R0 = Volatile.Read(ref m.X);
            },
            static m => m.R1 = Volatile.Read(ref m.X),
        ],
        static m => Require(m is { R0: 2, R1: >= 0 and <= 2, X: 2 }, "lost its own store"))).Verify();

    [Fact]
    public void Two_readers_agree_on_the_order_of_independent_stores()
    {
        int a = 0, b = 0, c = 0, d = 0;
        Explorer.Explore(Memory.Program(
            "IRIW",
            [
                static m => Volatile.Write(ref m.X, 1),
                static m => Volatile.Write(ref m.Y, 1),
                m =>
                {
                    a = Volatile.Read(ref m.X);
                    b = Volatile.Read(ref m.Y);
                },
                m =>
                {
                    c = Volatile.Read(ref m.Y);
                    d = Volatile.Read(ref m.X);
                },
            ],
            m => Require((a, b, c, d) != (1, 0, 1, 0), "two orders"))).Verify();
    }

    [Fact]
    public void A_locked_instruction_drains_the_buffer_first() => Explorer.Explore(Memory.Program(
        "locked",
        [
            static m =>
            {
                Volatile.Write(ref m.X, 1);
                Interlocked.Exchange(ref m.Turn, 1);
                m.R0 = Volatile.Read(ref m.Y);
            },
            static m =>
            {
                Volatile.Write(ref m.Y, 1);
                Interlocked.Exchange(ref m.Inside, 1);
                m.R1 = Volatile.Read(ref m.X);
            },
        ],
        static m => Require(m is not { R0: 0, R1: 0 }, "both read 0"))).Verify();

    [Fact]
    public void A_process_wide_fence_does_not_hold_back_what_is_stored_after_it_began()
    {
        // The other side's store may enter its buffer after the fence: then it is missed, and the other side sees the flag.
        var outcomes = new HashSet<(int, int)>();
        Explorer.Explore(Memory.Program(
            "asymmetric",
            [
                static m =>
                {
                    Volatile.Write(ref m.X, 1);
                    Interlocked.MemoryBarrierProcessWide();
                    m.R0 = Volatile.Read(ref m.Y);
                },
                static m =>
                {
                    Volatile.Write(ref m.Y, 1);
                    m.R1 = Volatile.Read(ref m.X);
                },
            ],
            m => outcomes.Add((m.R0, m.R1)))).Verify();

        Assert.Equal([(0, 1), (1, 0), (1, 1)], outcomes.Order());
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvariantException(message);
        }
    }
}
