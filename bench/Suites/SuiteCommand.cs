using BenchmarkDotNet.Running;

namespace FastBuffers.Bench.Suites;

/// <summary>Hands its arguments to BenchmarkDotNet.</summary>
internal static class SuiteCommand
{
    public static int Run(string[] args) =>
        BenchmarkSwitcher.FromAssembly(typeof(SuiteCommand).Assembly).Run(args)
            .All(summary => !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success)) ? 0 : 1;
}
