using System.Globalization;

namespace FastBuffers.Bench.Memory;

/// <summary>What of this process is in memory now, as Linux counts it.</summary>
internal static class ResidentMemory
{
    private const string Source = "/proc/self/status";
    private const string Label = "VmRSS:";

    public static string? Missing() => File.Exists(Source) ? null : $"there is no {Source} here";

    public static long Bytes()
    {
        string line = File.ReadLines(Source).First(line => line.StartsWith(Label, StringComparison.Ordinal));
        string kilobytes = line[Label.Length..].Trim().Split(' ')[0];
        return long.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024;
    }
}
