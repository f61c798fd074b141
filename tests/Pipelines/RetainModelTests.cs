using CsCheck;

namespace FastBuffers.Pipelines.Tests;

/// <summary>Random programs find the bytes where they have to be, and leave nothing rented.</summary>
public sealed class RetainModelTests
{
    private static readonly Gen<(RetainStep Step, int First, int Second)> s_step = Gen.Select(
        Gen.Int[0, (int)RetainStep.Dispose], Gen.Int[0, 600], Gen.Int[0, 600], static (step, first, second) => ((RetainStep)step, first, second));

    [Theory]
    [InlineData(16, 0)]
    [InlineData(64, 0.125)]
    [InlineData(1024, 0)]
    [InlineData(1024, 0.5)]
    [InlineData(4096, 1)]
    public void Bytes_are_what_was_written(int segment, double copyBelow) =>
        s_step.Array[1, 60].Sample(
            steps =>
            {
                using RetainProgram program = new(segment, copyBelow);
                foreach ((RetainStep step, int first, int second) in steps)
                {
                    program.Do(step, first, second);
                }
            },
            iter: 2_000,
            threads: 1);
}
