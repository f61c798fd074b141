using System.Globalization;
using CsCheck;

namespace FastBuffers.Tests.Pooling.Model;

/// <summary>
/// Random programs against the naive model; a failing one is printed, made as short as it can be, with the seed that repeats it.
/// FASTBUFFERS_MODEL_STEPS says how many steps: a million, the default, stands for 20,000 here, because each one goes to another thread.
/// </summary>
public sealed class PoolModelTests
{
    private const int LongestProgram = 120;
    private const int StepsOfOthers = 50;

    private static readonly Gen<PoolOperation> s_operation = Gen.Frequency(
        (50, Gen.Const(PoolOperation.Rent)),
        (12, Gen.Const(PoolOperation.RentSensitive)),
        (15, Gen.Const(PoolOperation.RentAsync)),
        (8, Gen.Const(PoolOperation.RentOwner)),
        (6, Gen.Const(PoolOperation.Churn)),
        (6, Gen.Const(PoolOperation.Cancel)),
        (4, Gen.Const(PoolOperation.Trim)),
        (3, Gen.Const(PoolOperation.Wait)),
        (4, Gen.Const(PoolOperation.EndThread)),
        (1, Gen.Const(PoolOperation.DisposePool)),
        (60, Gen.Const(PoolOperation.Release)),
        (10, Gen.Const(PoolOperation.Downgrade)),
        (6, Gen.Const(PoolOperation.Upgrade)),
        (8, Gen.Const(PoolOperation.Share)),
        (8, Gen.Const(PoolOperation.Split)),
        (8, Gen.Const(PoolOperation.Join)),
        (2, Gen.Const(PoolOperation.Freeze)),
        (14, Gen.Const(PoolOperation.Resize)),
        (10, Gen.Const(PoolOperation.Write)),
        (8, Gen.Const(PoolOperation.Look)),
        (5, Gen.Const(PoolOperation.Pin)),
        (6, Gen.Const(PoolOperation.Take)),
        (1, Gen.Const(PoolOperation.Retire)));

    // At and around the sizes of blocks, the longest that a thread keeps, and the longest that are kept at all.
    private static readonly Gen<int> s_length = Gen.Frequency(
        (1, Gen.Const(0)),
        (3, Gen.Const(1)),
        (20, Gen.Int[1, 1100]),
        (10, Gen.Const(100)),
        (10, Gen.Const(4096)),
        (20, Gen.Select(Gen.Int[0, 55], Gen.Int[-1, 1], static (size, beside) => BlockSizes.All[size] + beside)),
        (4, Gen.Int[(32 << 10) - 1, (32 << 10) + 1]),
        (6, Gen.Int[1, 120_000]),
        (2, Gen.Const(1 << 20)),
        (1, Gen.Frequency((6, Gen.Int[1, 3 << 20]), (1, Gen.Int[(4 << 20) - 1, (4 << 20) + 1]), (1, Gen.Const(5_000_000)))));

    // A program has a few lengths that it uses most, so that blocks are rented again: two, and one near to the first, often in its class.
    private static readonly Gen<int[]> s_lengths = Gen.Select(
        s_length, s_length, Gen.Int[0, 60], static (first, second, less) => new[] { first, second, Math.Max(first - less, first / 2) });

    private static readonly Gen<int> s_thread = Gen.Frequency(
        (8, Gen.Const(0)), (4, Gen.Const(1)), (2, Gen.Int[0, PoolProgram.Threads - 1]));

    private static readonly Gen<PoolStep> s_step = Gen.Select(
        s_operation, s_thread, Gen.Int[0, 8191], Gen.Int[0, 511], Gen.Int[0, 3], Gen.Int[0, 511],
        Gen.Frequency((3, Gen.Int[-3, -1]), (1, s_length)),
        Gen.Bool,
        static (operation, thread, on, other, kind, place, length, throws) =>
            new PoolStep(operation, thread, on, other, kind, place, length, throws));

    private static readonly Gen<long> s_limit = Gen.Frequency(
        (3, Gen.Const(long.MaxValue)),
        (2, Gen.Long[4096, 10_000]),
        (2, Gen.Long[10_000, 100_000]),
        (2, Gen.Const(1L << 20)),
        (1, Gen.Const(6L << 20)));

    // Stacks cost hundreds of times what rentals do.
    private static readonly Gen<LeakDetectionLevel> s_detection = Gen.Frequency(
        (10, Gen.Const(LeakDetectionLevel.Off)),
        (20, Gen.Const(LeakDetectionLevel.Sampled)),
        (1, Gen.Enum<LeakDetectionLevel>()));

    private static readonly Gen<int> s_alignment = Gen.Frequency(
        (8, Gen.Const(64)), (1, Gen.Const(1)), (1, Gen.Const(256)), (1, Gen.Const(4096)));

    private static readonly Gen<PoolCase> s_case = Gen.Select(
        s_limit,
        Gen.Frequency((2, Gen.Const(PoolClearing.None)), (1, Gen.Const(PoolClearing.OnRent)), (1, Gen.Const(PoolClearing.OnReturn))),
        Gen.Frequency((5, Gen.Const(PoolBacking.Native)), (1, Gen.Const(PoolBacking.PinnedHeap))),
        Gen.Select(s_detection, s_alignment),
        Gen.Bool,
        Gen.Bool,
        Gen.Select(s_lengths, s_step.Array[1, LongestProgram], WithLengths),
        static (limit, clear, backing, form, idles, endsFirst, steps) =>
            new PoolCase(limit, clear, backing, form.Item1, form.Item2, idles, endsFirst, steps));

    [Fact]
    public void Pools_behave_as_lists_of_rentals_and_queues_do() =>
        s_case.Sample(PoolProgram.Run, iter: Steps / StepsOfOthers / (LongestProgram / 2), threads: 2, print: PoolProgram.Explain);

    private static PoolStep[] WithLengths(int[] lengths, PoolStep[] steps) =>
        [.. steps.Select(step => step.Length < 0 ? step with { Length = lengths[-1 - step.Length] } : step)];

    private static long Steps =>
        long.Parse(Environment.GetEnvironmentVariable("FASTBUFFERS_MODEL_STEPS") ?? "1000000", CultureInfo.InvariantCulture);
}
