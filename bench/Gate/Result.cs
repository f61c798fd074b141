namespace FastBuffers.Bench.Gate;

/// <summary>A row and what became of it: a measurement, the error that kept it from being taken, or what is missing for it.</summary>
internal sealed record Result(Target Target, bool Smoke, Measurement? Measurement, string? Error, string? Missing = null)
{
    public Verdict Verdict => Passed ? Verdict.Pass : Missing is null ? Verdict.Fail : Verdict.NotMeasured;

    /// <summary>Whether every limit is kept. Written so that a NaN or a missing figure fails.</summary>
    public bool Passed =>
        Measurement is { } m
        && (Target.MaxRatio is null || m.Ratio?.Median <= Target.RatioLimit(Smoke))
        && (Target.MaxBytes is null || m.Bytes <= Target.MaxBytes);

    public static Result Of(Target target, Sampling sampling, bool smoke)
    {
        if (target.Missing?.Invoke() is { } missing)
        {
            return new Result(target, smoke, null, null, missing);
        }

        try
        {
            return new Result(target, smoke, Sampler.Measure(target, sampling), null);
        }
#pragma warning disable CA1031 // Whatever a contender throws, its row fails and the others are still measured.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new Result(target, smoke, null, $"{error.GetType().Name}: {error.Message}");
        }
    }
}
