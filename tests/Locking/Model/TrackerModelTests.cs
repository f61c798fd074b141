using CsCheck;

namespace FastBuffers.Locking.Tests.Model;

/// <summary>Random programs against the naive model; a failure is shrunk, and printed with the seed that repeats it.</summary>
public sealed class TrackerModelTests
{
    // Retiring and freezing end most of a program's possibilities, so that they are rare.
    private static readonly Gen<Operation> s_operation = Gen.Frequency(
        (30, Gen.Const(Operation.Take)),
        (25, Gen.Const(Operation.Release)),
        (15, Gen.Const(Operation.Downgrade)),
        (15, Gen.Const(Operation.Upgrade)),
        (15, Gen.Const(Operation.Share)),
        (1, Gen.Const(Operation.Freeze)),
        (1, Gen.Const(Operation.Retire)));

    private static readonly Gen<TrackerStep> s_step = Gen.Select(s_operation, Gen.Int[0, 200], Gen.Int[0, 3], static (o, h, k) => new TrackerStep(o, h, k));

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void A_tracker_behaves_as_a_list_of_holds_does(long length) =>
        s_step.Array[1, 60].Sample(steps => new TrackerProgram(length).Run(steps), iter: 2_500, threads: 2);

    [Fact]
    public void A_crowded_tracker_behaves_as_a_list_of_holds_does() =>
        s_step.Array[100, 200].Sample(
            static steps => new TrackerProgram(1).Run([.. Enumerable.Repeat(new TrackerStep(Operation.Take, 0, 0), 62), .. steps]),
            iter: 100,
            threads: 2);
}
