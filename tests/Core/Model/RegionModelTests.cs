using CsCheck;

namespace FastBuffers.Tests.Model;

/// <summary>Random programs against the naive model; a failure is shrunk, and printed with the seed that repeats it.</summary>
public sealed class RegionModelTests
{
    private static readonly Gen<RegionOperation> s_operation = Gen.Frequency(
        (30, Gen.Const(RegionOperation.Take)),
        (10, Gen.Const(RegionOperation.Scoped)),
        (30, Gen.Const(RegionOperation.Release)),
        (12, Gen.Const(RegionOperation.Downgrade)),
        (12, Gen.Const(RegionOperation.Upgrade)),
        (12, Gen.Const(RegionOperation.Share)),
        (12, Gen.Const(RegionOperation.Pin)),
        (8, Gen.Const(RegionOperation.Resize)),
        (8, Gen.Const(RegionOperation.ResizeThrough)),
        (1, Gen.Const(RegionOperation.FreezeThrough)),
        (1, Gen.Const(RegionOperation.TryFree)),
        (1, Gen.Const(RegionOperation.Dispose)));

    private static Gen<RegionStep> Steps(int minLength) => Gen.Select(
        s_operation, Gen.Int[0, 200], Gen.Int[0, 3], Gen.Int[minLength, 3], static (o, l, k, n) => new RegionStep(o, l, k, n));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_region_behaves_as_a_list_of_holds_does(bool foreign) =>
        Steps(minLength: 1).Array[1, 60].Sample(steps => new RegionProgram(3, foreign).Run(steps), iter: 1_500, threads: 2);
}
