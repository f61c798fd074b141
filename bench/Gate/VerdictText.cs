namespace FastBuffers.Bench.Gate;

internal static class VerdictText
{
    public static string Text(this Verdict verdict) => verdict switch
    {
        Verdict.Pass => "pass",
        Verdict.Fail => "FAIL",
        _ => "-",
    };
}
