using FastBuffers.Bench.Memory;
using FastBuffers.Bench.Planted;

namespace FastBuffers.Bench.Gate;

/// <summary>Measures rows one after the other and says whether all of them keep their limits.</summary>
internal static class GateCommand
{
    public static int Run(string[] args)
    {
        GateOptions options;
        try
        {
            options = GateOptions.Parse(args, Targets.All, MemoryRows.All);
        }
        catch (ArgumentException error)
        {
            Console.Error.WriteLine(error.Message);
            return 2;
        }

        if (options.SelfTest)
        {
            return SelfTest.Run(options);
        }

        if (options.List)
        {
            Report.List(options.Targets, options.Smoke);
            MemoryGate.List(options.MemoryRows);
            return 0;
        }

        List<Verdict> verdicts = [.. Measure(options.Targets, options).Select(result => result.Verdict)];
        verdicts.AddRange(MemoryGate.Measure(options.MemoryRows));
        int failed = verdicts.Count(verdict => verdict == Verdict.Fail);
        int notMeasured = verdicts.Count(verdict => verdict == Verdict.NotMeasured);
        if (notMeasured > 0)
        {
            Console.WriteLine($"{notMeasured} not measured: neither passed nor failed");
        }

        Console.WriteLine($"{verdicts.Count - failed - notMeasured} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    public static List<Result> Measure(IReadOnlyList<Target> targets, GateOptions options)
    {
#if DEBUG
        Console.Error.WriteLine("A debug build: the times mean nothing. Use dotnet run -c Release.");
#endif
        List<Result> results = [];
        if (targets.Count == 0)
        {
            return results;
        }

        Report.Write(targets, options.Smoke, targets.Select(target =>
        {
            Result result = Result.Of(target, options.Sampling, options.Smoke);
            results.Add(result);
            return result;
        }));
        return results;
    }
}
