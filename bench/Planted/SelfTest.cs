using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Planted;

/// <summary>Shows that the gate can fail: rows whose verdict is known beforehand, most of them bad in one way each.</summary>
internal static class SelfTest
{
    private static readonly (Target Target, Verdict Verdict)[] s_rows =
    [
        (new("P.same", "as fast as its peer, allocates nothing", () => new Spin(1), "itself", () => new Spin(1), 1.25, 0), Verdict.Pass),
        (new("P.slow", "four times as slow as its peer", () => new Spin(4), "itself", () => new Spin(1), 1.0, 0), Verdict.Fail),
        (new("P.object", "an object each time", () => new Allocating(1), MaxBytes: 0), Verdict.Fail),
        (new("P.rare", "an object every 1,000 times", () => new Allocating(1_000), MaxBytes: 0), Verdict.Fail),
        (new("P.fat", "an object of 24 B where 16 B are allowed", () => new Allocating(1), MaxBytes: 16), Verdict.Fail),
        (new("P.elsewhere", "an object on another thread", () => new AllocatingElsewhere(), MaxBytes: 0), Verdict.Fail),
        (new("P.beside", "2 threads, timed by the processor's time", () => new SpinBeside(1), "itself", () => new SpinBeside(1), 1.25, ProcessorTime: true),
            Verdict.Pass),
        (new("P.beside4", "2 threads that do four times as much", () => new SpinBeside(4), "as others", () => new SpinBeside(1), 1.25, ProcessorTime: true),
            Verdict.Fail),
        (new("P.refused", "an exception", () => new Refused(), "a spin", () => new Spin(1), 1.0), Verdict.Fail),
        (new("P.missing", "nothing, for want of its peer", () => new Spin(1), Missing: () => "missing, as planted"), Verdict.NotMeasured),
    ];

    public static int Run(GateOptions options)
    {
        Target[] targets = [.. s_rows.Select(row => row.Target)];
        if (options.List)
        {
            Report.List(targets, options.Smoke);
            return 0;
        }

        List<Result> results = GateCommand.Measure(targets, options);
        int failed = 0;
        foreach ((Result result, Verdict verdict) in results.Zip(s_rows, (result, row) => (result, row.Verdict)))
        {
            if (result.Verdict != verdict)
            {
                failed++;
                Console.WriteLine($"{result.Target.Id} came out as {result.Verdict}: the gate does not work.");
            }
        }

        Console.WriteLine("self-test: a row passes here if its verdict is the one it must get");
        Console.WriteLine($"{results.Count - failed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }
}
