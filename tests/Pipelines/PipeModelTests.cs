using CsCheck;

namespace FastBuffers.Pipelines.Tests;

/// <summary>Random programs do the same on both pipes.</summary>
public sealed class PipeModelTests
{
    private static readonly Gen<(PipeStep Step, int First, int Second)> s_step =
        Gen.Select(Gen.Int[0, (int)PipeStep.Reset], Gen.Int[0, 40], Gen.Int[0, 40], static (step, first, second) => ((PipeStep)step, first, second));

    [Theory]
    [InlineData(64, 32, 16)]
    [InlineData(20, 20, 8)]
    [InlineData(1, 1, 1)]
    [InlineData(0, 0, 32)]
    public void Both_pipes_do_the_same(long pause, long resume, int segment) =>
        s_step.Array[1, 60].Sample(
            steps =>
            {
                string expected = PipeProgram.Run(PipeKind.System, PipeUnderTest.Options(pause, resume, segment), steps);
                string actual = PipeProgram.Run(PipeKind.Region, PipeUnderTest.Options(pause, resume, segment), steps);
                if (expected != actual)
                {
                    Assert.Fail(FirstDifference(expected.Split('\n'), actual.Split('\n')));
                }
            },
            iter: 20_000,
            threads: 1);

    // The steps so far, the last of them as each pipe took it.
    private static string FirstDifference(string[] expected, string[] actual)
    {
        int same = expected.Zip(actual).TakeWhile(static pair => pair.First == pair.Second).Count();
        return $"{string.Join('\n', expected[..same])}\nexpected: {expected[same]}\nactual:   {actual[same]}";
    }
}
