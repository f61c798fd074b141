using System.Globalization;
using FastBuffers.Bench.Contended;
using FastBuffers.Bench.Gate;
using FastBuffers.Bench.Memory;
using FastBuffers.Bench.Suites;

const string Usage = """
    Usage: dotnet run -c Release --project bench -- <command> [options]

      gate [options]     measure every target against its peer; exit 0: all reached, 1: one falls short, 2: bad arguments
        --list           print the targets and measure nothing
        --only A,B       only these rows, by id (S1.read) or by group (S1)
        --smoke          a short run: time ratios get 1.5x slack, allocations stay exact, memory rows (M) are left out
        --rounds N       interleaved rounds per row, 9 to 999 (default 15, with --smoke 9)
        --self-test      measure planted contenders instead: passes if the gate catches the bad ones

      contended          locks under contention: throughput and longest operation, as a table in Markdown (about three minutes)
        --milliseconds N for each figure, 1 to 60000 (default 200)

      suite [options]    BenchmarkDotNet; the options are its own: suite --filter '*Holds*', suite --list flat
    """;

switch (args)
{
    case ["gate", .. string[] rest]:
        return GateCommand.Run(rest);
    case ["contended", .. string[] rest]:
        return ContendedCommand.Run(rest);
    case ["suite", .. string[] rest]:
        return SuiteCommand.Run(rest);
    case [BurstProcess.Command]:
        // For the gate's row about memory, which starts it.
        Console.WriteLine(Burst.Run().ToString(CultureInfo.InvariantCulture));
        return 0;
    case ["--help" or "-h"]:
        Console.WriteLine(Usage);
        return 0;
    case [string unknown, ..]:
        Console.Error.WriteLine($"'{unknown}' is no command: it must be gate, contended or suite.\n\n{Usage}");
        return 2;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
