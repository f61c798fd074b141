using System.Globalization;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Memory;

/// <summary>Measures the rows about memory, prints them, and says what came of each.</summary>
internal static class MemoryGate
{
    public static List<Verdict> Measure(IReadOnlyList<MemoryRow> rows) => [.. rows.Select(Measure)];

    public static void List(IReadOnlyList<MemoryRow> rows)
    {
        foreach (MemoryRow row in rows)
        {
            Console.WriteLine($"{row.Id}  {row.What}");
        }
    }

    private static Verdict Measure(MemoryRow row)
    {
        if (row.Missing?.Invoke() is { } missing)
        {
            return Print(row, $"not measured: {missing}", Verdict.NotMeasured);
        }

        try
        {
            MemoryUse use = row.Measure();
            return Print(
                row,
                string.Create(CultureInfo.InvariantCulture, $"{use.Bytes / 1024:N0} KiB, <= {use.Limit / 1024:N0} KiB ({use.Basis})"),
                use.Bytes <= use.Limit ? Verdict.Pass : Verdict.Fail);
        }
#pragma warning disable CA1031 // Whatever the workload throws, its row fails and the others are still measured.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Print(row, $"{error.GetType().Name}: {error.Message}", Verdict.Fail);
        }
    }

    private static Verdict Print(MemoryRow row, string figures, Verdict verdict)
    {
        Console.WriteLine($"{row.Id}  {row.What}: {figures}  {verdict.Text()}");
        return verdict;
    }
}
