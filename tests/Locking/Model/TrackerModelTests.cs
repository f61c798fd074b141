using CsCheck;

namespace FastBuffers.Locking.Tests.Model;

/// <summary>Random programs against the naive model; a failure is shrunk, and printed with the seed that repeats it.</summary>
public sealed class TrackerModelTests
{
    // Retiring and freezing end most of a program's possibilities, so that they are rare.
    private static readonly Gen<Operation> s_operation = Gen.Frequency(
        (15, Gen.Const(Operation.Take)),
        (20, Gen.Const(Operation.TakePart)),
        (30, Gen.Const(Operation.Release)),
        (15, Gen.Const(Operation.Downgrade)),
        (15, Gen.Const(Operation.Upgrade)),
        (15, Gen.Const(Operation.Share)),
        (10, Gen.Const(Operation.Split)),
        (10, Gen.Const(Operation.Join)),
        (5, Gen.Const(Operation.List)),
        (1, Gen.Const(Operation.Freeze)),
        (1, Gen.Const(Operation.Retire)));

    private static readonly Gen<TrackerStep> s_step = Gen.Select(
        s_operation, Gen.Int[0, 20], Gen.Int[0, 20], Gen.Int[0, 3], Gen.Int[-1, 11], Gen.Int[-1, 11],
        static (operation, hold, other, kind, start, length) => new TrackerStep(operation, hold, other, kind, start, length));

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void A_tracker_behaves_as_a_list_of_ranges_with_kinds_does(int length) =>
        s_step.Array[1, 60].Sample(steps => new TrackerProgram(length).Run(steps), iter: 2_500, threads: 2);

    [Fact]
    public void A_crowded_tracker_behaves_as_a_list_of_ranges_with_kinds_does() =>
        s_step.Array[100, 200].Sample(
            static steps => new TrackerProgram(10).Run([.. Enumerable.Repeat(new TrackerStep(Operation.Take, 0, 0, 0, 0, 0), 62), .. steps]),
            iter: 100,
            threads: 2);
}
