using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Tests.Litmus;

/// <summary>Two or three threads that count: the smallest lost update, and the loop that has none.</summary>
public sealed class CounterTests
{
    [Fact]
    public void Read_then_write_loses_an_update() =>
        Assert.Contains("lost", Explorer.Explore(Counter(ReadThenWrite, 2)).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_compare_exchange_loop_loses_none(int threads) => Explorer.Explore(Counter(CompareExchangeLoop, threads)).Verify();

    [Fact]
    public void A_printed_schedule_reproduces_its_failure()
    {
        ScheduleFailure failure = Explorer.Explore(Counter(ReadThenWrite, 2)).Failure!;

        ScheduleFailure again = Explorer.Replay(Counter(ReadThenWrite, 2), failure.Schedule).Failure!;

        Assert.Equal(failure.Schedule, again.Schedule);
        Assert.Equal(failure.Cause!.Message, again.Cause!.Message);
        Assert.Equal(failure.Trace, again.Trace);
        Assert.Contains("T1 reads X", failure.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_schedule_of_the_same_program_does_not_fail() => Assert.Null(Explorer.Replay(Counter(ReadThenWrite, 2), "c1 0 f0 1 f1").Failure);

    [Fact]
    public void Random_schedules_find_it_too_and_name_their_seed()
    {
        ExplorationResult result = Explorer.Explore(Counter(ReadThenWrite, 3), new ExplorerOptions { Seed = 7, RandomExecutions = 1_000 });

        Assert.Contains("seed 7", result.Failure!.Message, StringComparison.Ordinal);
        Assert.NotNull(Explorer.Replay(Counter(ReadThenWrite, 3), result.Failure.Schedule).Failure);
    }

    [Fact]
    public void One_preemption_is_enough_to_find_it_and_none_is_not()
    {
        Explorer.Explore(Counter(ReadThenExchange, 2), new ExplorerOptions { MaxPreemptions = 0 }).Verify();

        Assert.NotNull(Explorer.Explore(Counter(ReadThenExchange, 2), new ExplorerOptions { MaxPreemptions = 1 }).Failure);
    }

    private static LambdaScenario<Memory> Counter(Action<Memory> increment, int threads) => new(
        "counter",
        () => new Memory(),
        [.. Enumerable.Repeat(increment, threads)],
        m =>
        {
            if (m.X != threads)
            {
                throw new InvariantException($"lost: {m.X} of {threads}");
            }
        })
    {
        Naming = static (m, name) => name(ref m.X, "X"),
    };

    private static void ReadThenWrite(Memory m) => Volatile.Write(ref m.X, Volatile.Read(ref m.X) + 1);

    private static void ReadThenExchange(Memory m) => Interlocked.Exchange(ref m.X, Volatile.Read(ref m.X) + 1);

    private static void CompareExchangeLoop(Memory m)
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref m.X);
        }
        while (Interlocked.CompareExchange(ref m.X, seen + 1, seen) != seen);
    }
}
