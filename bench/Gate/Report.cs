using System.Globalization;
using Spectre.Console;

namespace FastBuffers.Bench.Gate;

/// <summary>Shows rows as they are measured: a live table on a wide terminal, plain aligned lines elsewhere.</summary>
internal static class Report
{
    private static readonly string[] s_headings = ["id", "what", "against", "ours ns", "peer ns", "ratio", "quartiles", "B/op", "target", ""];

    /// <summary>Widths of the columns of figures, of which the plain form must know the width before the first row is measured.</summary>
    private static readonly int[] s_figures = [10, 10, 7, 14, 9];

    private const int MinTableWidth = 140;

    public static void Write(IReadOnlyList<Target> targets, bool smoke, IEnumerable<Result> results)
    {
        // Folded cells are harder to read than a line that the terminal breaks.
        if (Console.IsOutputRedirected || AnsiConsole.Profile.Width < MinTableWidth)
        {
            WritePlain(targets, smoke, results);
        }
        else
        {
            WriteTable(results);
        }
    }

    public static void List(IReadOnlyList<Target> targets, bool smoke)
    {
        foreach (Target target in targets)
        {
            Console.WriteLine(
                $"{target.Id.PadRight(Width(targets, t => t.Id))}  {target.What.PadRight(Width(targets, t => t.What))}  "
                + $"{(target.Against ?? "").PadRight(Width(targets, t => t.Against ?? ""))}  {target.Limits(smoke)}");
        }
    }

    private static void WritePlain(IReadOnlyList<Target> targets, bool smoke, IEnumerable<Result> results)
    {
        int[] widths =
        [
            Width(targets, t => t.Id), Width(targets, t => t.What), Width(targets, t => t.Against ?? "against"), .. s_figures,
            Width(targets, t => t.Limits(smoke)), 4,
        ];
        Console.WriteLine(Line(s_headings, widths));
        foreach (Result result in results)
        {
            Console.WriteLine(Line(Cells(result), widths));
            if (Note(result) is { } note)
            {
                Console.WriteLine($"  {note}");
            }
        }
    }

    private static void WriteTable(IEnumerable<Result> results)
    {
        Table table = new Table().RoundedBorder();
        for (int i = 0; i < s_headings.Length; i++)
        {
            TableColumn column = new TableColumn(s_headings[i]).NoWrap();
            table.AddColumn(IsFigure(i) ? column.RightAligned() : column);
        }

        table.Columns[1].NoWrap = false;
        table.Columns[2].NoWrap = false;
        AnsiConsole.Live(table).Start(live =>
        {
            live.Refresh();
            foreach (Result result in results)
            {
                string[] cells = [.. Cells(result).Select(Markup.Escape)];
                cells[1] += Note(result) is { } note ? Markup.Escape($" ({note})") : "";
                cells[^1] = $"[{Colour(result.Verdict)}]{cells[^1]}[/]";
                table.AddRow(cells);
                live.Refresh();
            }
        });
    }

    private static string[] Cells(Result result)
    {
        Measurement? m = result.Measurement;
        return
        [
            result.Target.Id,
            result.Target.What,
            result.Target.Against ?? "",
            Figure("0.00", m?.Ours.Median),
            Figure("0.00", m?.Peer?.Median),
            Figure("0.000", m?.Ratio?.Median),
            m?.Ratio is { } ratio ? $"{Figure("0.000", ratio.Lower)}..{Figure("0.000", ratio.Upper)}" : "-",
            m is { Bytes: > 0 and < 0.01 } ? "< 0.01" : Figure("0.##", m?.Bytes),
            result.Target.Limits(result.Smoke),
            result.Verdict.Text(),
        ];
    }

    private static string? Note(Result result) => result.Missing is null ? result.Error : $"not measured: {result.Missing}";

    private static string Colour(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "green",
        Verdict.Fail => "red",
        _ => "yellow",
    };

    private static string Figure(string format, double? value) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    private static string Line(string[] cells, int[] widths) =>
        string.Join("  ", cells.Select((cell, i) => IsFigure(i) ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd();

    private static bool IsFigure(int column) => column is >= 3 and <= 7;

    private static int Width(IReadOnlyList<Target> targets, Func<Target, string> text) => targets.Max(target => text(target).Length);
}
