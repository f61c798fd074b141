using System.Globalization;
using CsCheck;

namespace FastBuffers.Tests.Model;

/// <summary>
/// Random programs against the naive model; a failing one is printed, made as short as it can be, with the seed that repeats it.
/// FASTBUFFERS_MODEL_STEPS is the number of steps in all, a million by default.
/// </summary>
public sealed class RegionModelTests
{
    private const int LongestProgram = 80;

    // Freezing and disposing end most of a program's possibilities, so that they are rare.
    private static readonly Gen<RegionOperation> s_operation = Gen.Frequency(
        (15, Gen.Const(RegionOperation.Slice)),
        (40, Gen.Const(RegionOperation.Take)),
        (15, Gen.Const(RegionOperation.Scoped)),
        (8, Gen.Const(RegionOperation.Append)),
        (6, Gen.Const(RegionOperation.Resize)),
        (1, Gen.Const(RegionOperation.TryFree)),
        (1, Gen.Const(RegionOperation.Dispose)),
        (8, Gen.Const(RegionOperation.List)),
        (45, Gen.Const(RegionOperation.Release)),
        (12, Gen.Const(RegionOperation.Downgrade)),
        (15, Gen.Const(RegionOperation.Upgrade)),
        (15, Gen.Const(RegionOperation.Share)),
        (15, Gen.Const(RegionOperation.Split)),
        (15, Gen.Const(RegionOperation.Join)),
        (1, Gen.Const(RegionOperation.Freeze)),
        (6, Gen.Const(RegionOperation.ResizeThrough)),
        (12, Gen.Const(RegionOperation.Publish)),
        (10, Gen.Const(RegionOperation.Write)),
        (6, Gen.Const(RegionOperation.Pin)),
        (6, Gen.Const(RegionOperation.Open)));

    private static readonly Gen<RegionStep> s_step = Gen.Select(
        s_operation, Gen.Int[0, 511], Gen.Int[0, 511], Gen.Int[0, 3], Gen.Int[0, 63], Gen.Int[0, 63], Gen.Bool,
        static (operation, on, other, kind, start, length, throws) => new RegionStep(operation, on, other, kind, start, length, throws));

    private static readonly Gen<int> s_length = Gen.Frequency(
        (1, Gen.Const(0)), (1, Gen.Const(1)), (8, Gen.Const(8)), (4, Gen.Const(16)));

    // Traces cost hundreds of times what holds do.
    private static readonly Gen<RegionForm> s_form = Gen.Frequency(
        (200, Gen.Const(RegionForm.Native)), (100, Gen.Const(RegionForm.Foreign)), (1, Gen.Const(RegionForm.Traced)));

    private static readonly Gen<RegionCase> s_case = Gen.Select(
        s_form, s_length, s_length, s_step.Array[1, LongestProgram],
        static (form, first, second, steps) => new RegionCase(form, first, second, steps));

    [Fact]
    public void Regions_behave_as_lists_of_ranges_with_kinds_do() =>
        s_case.Sample(RegionProgram.Run, iter: Steps / (LongestProgram / 2), threads: 2, print: RegionProgram.Explain);

    private static long Steps =>
        long.Parse(Environment.GetEnvironmentVariable("FASTBUFFERS_MODEL_STEPS") ?? "1000000", CultureInfo.InvariantCulture);
}
