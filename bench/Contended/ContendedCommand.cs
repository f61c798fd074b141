using System.Globalization;

namespace FastBuffers.Bench.Contended;

/// <summary>Measures locks under contention, and prints the table of docs/contended.md.</summary>
internal static class ContendedCommand
{
    private const int DefaultMilliseconds = 200;
    private const int MaxMilliseconds = 60_000;

    // Odd, for a median.
    private const int Rounds = 5;

    private static readonly int[] s_guards = [1, 8];
    private static readonly int[] s_writes = [0, 1, 10, 100];
    private static readonly int[] s_workers = [1, 2, 4, 8];

    public static int Run(string[] args)
    {
        int milliseconds = DefaultMilliseconds;
        bool valid = args is [] || (args is ["--milliseconds", string text]
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out milliseconds)
            && milliseconds is > 0 and <= MaxMilliseconds);
        if (!valid)
        {
            Console.Error.WriteLine($"'{string.Join(' ', args)}': contended takes --milliseconds N, from 1 to {MaxMilliseconds}, and nothing else.");
            return 2;
        }

        // Or the pool would add them one by one, while somebody waits.
        ThreadPool.GetMinThreads(out int threads, out int ports);
        ThreadPool.SetMinThreads(Math.Max(threads, s_workers.Max()), ports);
        Print(TimeSpan.FromMilliseconds(milliseconds));
        return 0;
    }

    private static void Print(TimeSpan time)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, {time.TotalMilliseconds} ms a figure:\n"));
        Console.WriteLine($"| regions | writes | threads | {string.Join(" | ", Candidate.All.Select(static candidate => candidate.Name))} |");
        Console.WriteLine($"|---|---|---|{string.Concat(Candidate.All.Select(static _ => "---|"))}");
        foreach (Workload workload in
            from guards in s_guards from writes in s_writes from workers in s_workers select new Workload(workers, guards, writes))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {workload.Guards} | {workload.WritePercent} % | {workload.Workers} | {string.Join(" | ", Measure(workload, time))} |"));
        }
    }

    // Rounds of all candidates in turns, so that what else the machine does hits all of them.
    private static IEnumerable<string> Measure(Workload workload, TimeSpan time)
    {
        foreach (Candidate candidate in Candidate.All)
        {
            candidate.Measure(workload, time / 4, false);
        }

        double[][] rounds = [.. Enumerable.Range(0, Rounds).Select(_ =>
            Candidate.All.Select(candidate => candidate.Measure(workload, time / Rounds, false).PerMicrosecond).ToArray())];
        for (int i = 0; i < Candidate.All.Count; i++)
        {
            double median = rounds.Select(round => round[i]).Order().ElementAt(Rounds / 2);
            double longest = Candidate.All[i].Measure(workload, time, true).Longest.TotalMilliseconds;
            yield return string.Create(CultureInfo.InvariantCulture, $"{median:0.0##}, {longest:0.##} ms");
        }
    }
}
